package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Conversation.Exchange;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.lab.train.Sample;
import io.github.alphaumi.lab.train.SampleFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that models are trained on: sets of the tool world, conversations as stage 2 writes them,
 * or the samples of one role as {@code umi data roles} writes them. Only the places of its records
 * are held in memory. Thread-safe.
 */
final class TrainingFile implements SampleFile {
  private static final int LIMIT = 64 << 20;

  private final Path file;
  private final PromptFormat format;
  private final boolean joined;
  private final @Nullable String role;
  private final String stamp;
  private final String sha256;
  private final long[] places;

  private TrainingFile(
      Path file,
      PromptFormat format,
      boolean joined,
      @Nullable String role,
      String stamp,
      String sha256,
      long[] places) {
    this.file = file;
    this.format = format;
    this.joined = joined;
    this.role = role;
    this.stamp = stamp;
    this.sha256 = sha256;
    this.places = places;
  }

  /**
   * Finds the records of a file.
   *
   * @param joined whether the turns of a single model are wanted, too
   * @param role whose samples they are where they are samples; null where the file's name says it
   * @throws AlphaUmiException if the file is missing or packed
   */
  static TrainingFile open(Path file, PromptFormat format, boolean joined, @Nullable String role)
      throws IOException {
    if (!java.nio.file.Files.isRegularFile(file)) {
      throw new AlphaUmiException("data: there is no file " + file);
    }
    if (file.toString().endsWith(".gz")) {
      throw new AlphaUmiException(
          "data: " + file + " is packed, and records are read out of order; unpack it");
    }
    String stamp = BatchFiles.stamp(file);
    long[] places = new long[1024];
    int records = 0;
    HashedFile hashed = new HashedFile(file);
    try (RecordReader reader = new RecordReader(hashed.content(), Inputs.form(file), LIMIT)) {
      long place = 0;
      while (reader.next() != null) {
        if (records == places.length) {
          places = Arrays.copyOf(places, 2 * records);
        }
        places[records++] = place;
        place = reader.position();
      }
      return new TrainingFile(
          file, format, joined, role, stamp, hashed.sha256(), Arrays.copyOf(places, records));
    }
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public int size() {
    return places.length;
  }

  @Override
  public List<Sample> read(int record) throws IOException {
    if (!BatchFiles.stamp(file).equals(stamp)) {
      throw new AlphaUmiException("data: " + file + " changed while it was learnt; run again");
    }
    try {
      return samples(Fields.parse(bytes(record)));
    } catch (BadRecordException | IllegalArgumentException e) {
      throw new AlphaUmiException(
          "data: " + file + ", record " + record + ": " + e.getMessage(), e);
    }
  }

  private byte[] bytes(int record) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      InputStream in = Channels.newInputStream(channel.position(places[record]));
      RecordReader.Raw raw = new RecordReader(in, Inputs.form(file), LIMIT).next();
      return Objects.requireNonNull(raw, file + " ends before record " + record).bytes();
    }
  }

  private List<Sample> samples(Map<String, @Nullable Object> record) throws BadRecordException {
    if (record.containsKey("trajectories")) {
      return ofSet(record);
    }
    if (record.containsKey(Conversation.TURNS)) {
      return ofConversation(Conversation.read(record));
    }
    if (record.containsKey(RoleSample.TARGET)) {
      return List.of(ofRole(record));
    }
    throw new BadRecordException(
        "it is neither a set of the tool world ('trajectories') nor a conversation ('"
            + Conversation.TURNS
            + "') nor a role's sample ('"
            + RoleSample.INPUT
            + "' and '"
            + RoleSample.TARGET
            + "'); there are "
            + record.keySet());
  }

  private List<Sample> ofConversation(Conversation conversation) throws BadRecordException {
    List<ToolSpecification> tools = ToolRecord.specifications(conversation.tools());
    boolean forBackbone = StepSamples.isForBackbone(conversation.instruction());
    List<Sample> samples = new ArrayList<>();
    for (LabelledStep step : LabelledStep.of(conversation)) {
      add(new StepSamples(format, tools, step, forBackbone), samples);
    }
    return samples;
  }

  private List<Sample> ofSet(Map<String, @Nullable Object> record) throws BadRecordException {
    List<ToolSpecification> tools = new ArrayList<>();
    for (Map<String, @Nullable Object> tool : Fields.objects(record, "tools")) {
      tools.add(ToolSpecification.fromJson(PythonJson.write(tool)));
    }
    List<Sample> samples = new ArrayList<>();
    for (Map<String, @Nullable Object> trajectory : Fields.objects(record, "trajectories")) {
      io.github.alphaumi.core.Conversation before = io.github.alphaumi.core.Conversation.empty();
      if (trajectory.containsKey("earlier")) {
        Map<String, @Nullable Object> earlier = Fields.object(trajectory, "earlier");
        List<LabelledStep> steps = steps(earlier, before);
        addAll(tools, steps, Fields.text(earlier, "task"), samples);
        LabelledStep last = steps.get(steps.size() - 1);
        if (last.answer() != null) { // Of a task without an answer nothing is remembered.
          before =
              before.with(
                  new Exchange(Fields.text(earlier, "task"), last.before().steps(), last.answer()));
        }
      }
      addAll(tools, steps(trajectory, before), Fields.text(trajectory, "task"), samples);
    }
    return samples;
  }

  private static List<LabelledStep> steps(
      Map<String, @Nullable Object> trajectory, io.github.alphaumi.core.Conversation before)
      throws BadRecordException {
    List<LabelledStep> steps = new ArrayList<>();
    Trajectory soFar = Trajectory.start(Fields.text(trajectory, "task"), before);
    for (Map<String, @Nullable Object> step : Fields.objects(trajectory, "steps")) {
      Decision.Call plan = new Decision.Call(Fields.text(step, "plan"));
      Map<String, @Nullable Object> written = Fields.object(step, "call");
      ToolCall call =
          new ToolCall(Fields.text(written, "name"), Fields.object(written, "arguments"));
      steps.add(new LabelledStep(steps.size(), soFar, plan, call, null, false));
      Object observation = step.get("observation");
      String text = observation instanceof String said ? said : PythonJson.write(observation);
      soFar = soFar.with(Step.of(plan, call, Observation.ok(text)));
    }
    String rationale = Fields.text(trajectory, "rationale");
    Decision end =
        switch (Fields.text(trajectory, "decision")) {
          case "conclusion" -> new Decision.Conclude(rationale);
          case "give up" -> new Decision.GiveUp(rationale);
          default ->
              throw new BadRecordException(
                  "'decision' is '"
                      + trajectory.get("decision")
                      + "', neither 'conclusion' nor 'give up'");
        };
    String answer = end instanceof Decision.Conclude ? Fields.text(trajectory, "answer") : null;
    steps.add(new LabelledStep(steps.size(), soFar, end, null, answer, false));
    return steps;
  }

  private void addAll(
      List<ToolSpecification> tools, List<LabelledStep> steps, String task, List<Sample> samples) {
    boolean forBackbone = StepSamples.isForBackbone(task);
    steps.forEach(step -> add(new StepSamples(format, tools, step, forBackbone), samples));
  }

  private void add(StepSamples step, List<Sample> samples) {
    if (step.isLearnable()) {
      step.planner().ifPresent(samples::add);
      step.caller().ifPresent(samples::add);
      step.summarizer().ifPresent(samples::add);
      Optional<Sample> backbone = joined ? step.backbone() : Optional.empty();
      backbone.ifPresent(samples::add);
    }
  }

  /** The text is taken as it is: who wrote it has built the prompt. */
  private Sample ofRole(Map<String, @Nullable Object> record) throws BadRecordException {
    Prompt prompt = Prompt.of(Fields.text(record, RoleSample.INPUT));
    String target = Fields.text(record, RoleSample.TARGET);
    List<Map<String, @Nullable Object>> history =
        record.containsKey("history") ? Fields.objects(record, "history") : List.of();
    boolean forBackbone =
        StepSamples.isForBackbone(
            history.isEmpty() ? prompt.text() : Fields.text(history.get(0), "value"));
    String whose = whose();
    List<Sample.Part> parts =
        switch (whose) {
          case "backbone" -> StepSamples.parts(target);
          case StepSamples.CALLER -> List.of(StepSamples.called(target));
          case StepSamples.SUMMARIZER -> List.of(StepSamples.answered(target));
          default -> List.of(new Sample.Part(StepSamples.PLANNER, target, target.length()));
        };
    return new Sample(prompt, parts, whose.equals("backbone"), forBackbone, false);
  }

  private String whose() throws BadRecordException {
    String name = String.valueOf(file.getFileName());
    for (String one :
        List.of(StepSamples.PLANNER, StepSamples.CALLER, StepSamples.SUMMARIZER, "backbone")) {
      if (one.equals(role) || (role == null && name.startsWith("train_" + one))) {
        return one;
      }
    }
    throw new BadRecordException(
        "it is one role's sample, but whose? Name the file train_planner.json, train_caller.json,"
            + " train_summarizer.json or train_backbone.json, or give its 'role'");
  }
}
