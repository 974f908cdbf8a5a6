package io.github.alphaumi.lab;

import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Planner;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.Summarizer;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What runs ask of their roles, recorded once and replayed in two ways: as they are served, and
 * each prompt read anew by a model of its role's own. Both should write what was recorded; how
 * often they do is counted, for products of one row and of many are not rounded alike.
 *
 * <p>What is replayed are the requests, in their order, so that no time of tools or of the loop
 * counts. A model that is served as it is starts without anything in its cache.
 */
final class ReplayBench {
  /** What is recorded. */
  interface Runs {
    int count();

    /** Goes through all runs with these roles. */
    void play(Roles roles);
  }

  private final BenchSubject subject;
  private final PromptFormat format;
  private final Runs runs;
  private final int repetitions;
  private int replayed;
  private int same;

  /** A request of a role and what was answered. */
  private record Recorded(Role role, TextModel.Request request, TextModel.Response response) {}

  ReplayBench(BenchSubject subject, PromptFormat format, Runs runs, int repetitions) {
    this.subject = subject;
    this.format = format;
    this.runs = runs;
    this.repetitions = repetitions;
  }

  List<BenchRow> run() {
    List<Recorded> recorded = new ArrayList<>();
    double[] served = new double[repetitions];
    double[] separate = new double[repetitions];
    double[] ratio = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      try (OnnxModel model = load(4, roles())) {
        if (recorded.isEmpty()) {
          record(model, recorded);
        }
      }
      served[i] = served(recorded);
      separate[i] = separate(recorded);
      ratio[i] = separate[i] / served[i];
    }
    String note =
        String.format(
            Locale.ROOT,
            "%d runs, %d prompts of %,d tokens, %,d tokens written; %d of %d replayed texts"
                + " are the same",
            runs.count(),
            recorded.size(),
            recorded.stream().mapToInt(call -> call.response().use().inputTokens()).sum(),
            recorded.stream().mapToInt(call -> call.response().use().outputTokens()).sum(),
            same,
            replayed);
    return List.of(
        BenchRow.of("agent replay as served", BenchRow.MILLISECONDS, note, served),
        BenchRow.of(
            "agent replay, a model per role, no cache", BenchRow.MILLISECONDS, "", separate),
        BenchRow.of("agent replay, times faster as served", BenchRow.RATIO, "", ratio));
  }

  /** One adapter that plays all roles is loaded once. */
  private List<Role> roles() {
    return subject.oneAdapter() ? List.of(Role.PLANNER) : List.of(Role.values());
  }

  private OnnxModel load(int slots, List<Role> roles) {
    OnnxModel model = subject.load(slots, roles);
    warm(model, roles);
    return model;
  }

  private void warm(OnnxModel model, List<Role> roles) {
    for (Role role : roles) {
      writer(model, role).complete(unrelated());
    }
  }

  /** It shares nothing with an agent's prompt, and leaves a slot without a use for one. */
  private static TextModel.Request unrelated() {
    return TextModel.Request.builder(Prompt.of("7 8 9 10 11 12 13 14 15 16")).maxTokens(2).build();
  }

  private TextModel writer(OnnxModel model, Role role) {
    if (subject.adapters().isEmpty()) {
      return model;
    }
    return model.adapter(BenchSubject.name(subject.oneAdapter() ? Role.PLANNER : role));
  }

  private void record(OnnxModel model, List<Recorded> recorded) {
    runs.play(
        new Roles(
            Planner.tuned(recorder(model, Role.PLANNER, recorded), format),
            Caller.tuned(recorder(model, Role.CALLER, recorded), format),
            Summarizer.tuned(recorder(model, Role.SUMMARIZER, recorded), format)));
  }

  private TextModel recorder(OnnxModel model, Role role, List<Recorded> recorded) {
    TextModel writer = writer(model, role);
    return new TextModel() {
      @Override
      public TextModel.Response complete(TextModel.Request request) {
        TextModel.Response response = writer.complete(request);
        recorded.add(new Recorded(role, withoutListener(request), response));
        return response;
      }

      @Override
      public int contextWindow() {
        return writer.contextWindow();
      }
    };
  }

  private static TextModel.Request withoutListener(TextModel.Request request) {
    TextModel.Request.Builder copy =
        TextModel.Request.builder(request.prompt())
            .stops(request.stops())
            .constraint(request.constraint())
            .sampling(request.sampling())
            .sources(request.sources())
            .nameBias(request.nameBias())
            .maxTokens(request.maxTokens());
    return request.affinity() == null ? copy.build() : copy.affinity(request.affinity()).build();
  }

  private double served(List<Recorded> recorded) {
    try (OnnxModel model = load(4, roles())) {
      long time = 0;
      for (Recorded call : recorded) {
        time += timed(writer(model, call.role()), call);
      }
      return time / 1e6;
    }
  }

  private double separate(List<Recorded> recorded) {
    Map<Role, OnnxModel> models = new EnumMap<>(Role.class);
    try {
      for (Role role : Role.values()) {
        models.put(role, load(1, subject.oneAdapter() ? roles() : List.of(role)));
      }
      long time = 0;
      for (Recorded call : recorded) {
        TextModel writer = writer(models.get(call.role()), call.role());
        writer.complete(unrelated());
        time += timed(writer, call);
      }
      return time / 1e6;
    } finally {
      models.values().forEach(OnnxModel::close);
    }
  }

  private long timed(TextModel writer, Recorded call) {
    long start = System.nanoTime();
    TextModel.Response response = writer.complete(call.request());
    long time = System.nanoTime() - start;
    replayed++;
    same += response.text().equals(call.response().text()) ? 1 : 0;
    return time;
  }
}
