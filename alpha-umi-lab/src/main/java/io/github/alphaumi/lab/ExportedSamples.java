package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.lab.train.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conversations and role samples to lines of token ids, two files a role: to learn from and held
 * out. Steps of one task are all in the one or all in the other, whatever file they come from.
 */
final class ExportedSamples implements RecordStep {
  private static final String BACKBONE = "backbone";

  /** The roles as files and runs are called, in the order of {@link RoleSample#FILES}. */
  static final List<String> ROLES =
      List.of(StepSamples.PLANNER, StepSamples.CALLER, StepSamples.SUMMARIZER, BACKBONE);

  private static final String MESSAGES = "messages";
  private static final String TEXT = "text";

  private final PromptFormat format;
  private final boolean reuse;
  private final SampleIds ids;
  private final int heldOut;

  /**
   * @param reuse whether the backbone and the roles learn from the same tasks; else each task is
   *     for one of the two
   * @param heldOut percent of the tasks
   */
  ExportedSamples(PromptFormat format, boolean reuse, SampleIds ids, int heldOut) {
    this.format = format;
    this.reuse = reuse;
    this.ids = ids;
    this.heldOut = heldOut;
  }

  /** The outputs, as {@link #file} counts them. */
  static List<Path> files(Path folder) {
    List<Path> files = new ArrayList<>();
    for (String role : ROLES) {
      files.add(folder.resolve(fileName(role, false)));
      files.add(folder.resolve(fileName(role, true)));
    }
    return files;
  }

  static String fileName(String role, boolean heldOut) {
    return role + (heldOut ? ".held-out.jsonl" : ".jsonl");
  }

  static int file(String role, boolean heldOut) {
    return 2 * ROLES.indexOf(role) + (heldOut ? 1 : 0);
  }

  /** A prompt and what has to follow. */
  private record Learnt(String role, Prompt prompt, String target) {

    static Learnt of(Sample sample) {
      String role = sample.joined() ? BACKBONE : sample.parts().get(0).role();
      return new Learnt(role, sample.prompt(), sample.target());
    }
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    if (record.containsKey(Conversation.TURNS)) {
      Conversation conversation = Conversation.read(record);
      write(conversation.instruction(), learnt(conversation, sink), sink);
    } else {
      Learnt learnt = sample(source, record);
      write(task(record, learnt.prompt), List.of(learnt), sink);
    }
  }

  private void write(String task, List<Learnt> learnt, Sink sink) throws BadRecordException {
    boolean held = Long.parseLong(Hashes.of(task).substring(0, 8), 16) % 100 < heldOut;
    boolean forBackbone = StepSamples.isForBackbone(task);
    for (Learnt one : learnt) {
      if (!reuse && forBackbone != one.role.equals(BACKBONE)) {
        sink.count(one.role + ": left out, the task is for the other stage");
        continue;
      }
      Optional<SampleIds.Sample> sample = ids.of(one.prompt, one.target);
      if (sample.isEmpty()) {
        sink.count(one.role + ": left out, too long");
        continue;
      }
      if (sample.get().isCut()) {
        sink.count(one.role + ": cut at the beginning, too long");
      }
      sink.write(file(one.role, held), sample.get().json());
    }
  }

  private List<Learnt> learnt(Conversation conversation, Sink sink) throws BadRecordException {
    List<ToolSpecification> tools = ToolRecord.specifications(conversation.tools());
    boolean forBackbone = StepSamples.isForBackbone(conversation.instruction());
    List<Learnt> learnt = new ArrayList<>();
    for (LabelledStep step : LabelledStep.of(conversation)) {
      StepSamples samples = new StepSamples(format, tools, step, forBackbone);
      if (!samples.isLearnable()) {
        sink.count("not learnt: calls of no tool on offer");
        continue;
      }
      if (step.afterSearch()) {
        sink.count("not learnt: plans that answer a search");
      }
      samples.planner().map(Learnt::of).ifPresent(learnt::add);
      samples.caller().map(Learnt::of).ifPresent(learnt::add);
      samples.summarizer().map(Learnt::of).ifPresent(learnt::add);
      samples.backbone().map(Learnt::of).ifPresent(learnt::add);
    }
    return learnt;
  }

  private static String role(Path source) throws BadRecordException {
    String name = String.valueOf(source.getFileName());
    List<String> named = ROLES.stream().filter(name::contains).toList();
    if (named.size() != 1) {
      throw new BadRecordException(
          "a role sample in a file whose name does not tell the role: it should hold one of "
              + ROLES);
    }
    return named.get(0);
  }

  private static Learnt sample(Path source, Map<String, @Nullable Object> record)
      throws BadRecordException {
    if (record.containsKey(RoleSample.TARGET)) {
      return new Learnt(
          role(source),
          Prompt.of(Fields.text(record, RoleSample.INPUT)),
          Fields.text(record, RoleSample.TARGET));
    }
    if (record.containsKey(TEXT)) {
      return span(role(source), Fields.text(record, TEXT), Fields.list(record, "learn"));
    }
    if (record.containsKey("trajectories")) {
      throw new BadRecordException(
          "a set of the tool world; write it by data world --format conversations");
    }
    if (!record.containsKey(MESSAGES)) {
      throw new BadRecordException(
          "neither a conversation (with '"
              + Conversation.TURNS
              + "') nor a role sample (with '"
              + RoleSample.TARGET
              + "'); there are "
              + record.keySet());
    }
    List<Map<String, @Nullable Object>> messages = Fields.objects(record, MESSAGES);
    if (messages.size() != 2 || record.containsKey(Conversation.TOOLS)) {
      throw new BadRecordException(
          "a conversation in another trainer's form; give the one that it was made from");
    }
    return new Learnt(
        role(source),
        Prompt.of(Fields.text(messages.get(0), "content")),
        Fields.text(messages.get(1), "content"));
  }

  /** As {@code data chat --spans} writes it: the end of the text is learnt. */
  private static Learnt span(String role, String text, List<@Nullable Object> learn)
      throws BadRecordException {
    int length = text.codePointCount(0, text.length());
    if (learn.size() != 1
        || !(learn.get(0) instanceof List<?> span)
        || span.size() != 2
        || !(span.get(0) instanceof Integer from)
        || from < 0
        || from > length
        || !Integer.valueOf(length).equals(span.get(1))) {
      throw new BadRecordException(
          "'learn' is " + learn + "; it should be one span that ends with the text, at " + length);
    }
    int at = text.offsetByCodePoints(0, from);
    return new Learnt(role, Prompt.of(text.substring(0, at)), text.substring(at));
  }

  /** What the task is told by: its own words where they are known. */
  private static String task(Map<String, @Nullable Object> record, Prompt prompt)
      throws BadRecordException {
    if (record.containsKey("history")) {
      List<Turn> history = Turn.read(Fields.objects(record, "history"));
      if (!history.isEmpty()) {
        return history.get(0).value();
      }
    }
    return prompt.text();
  }
}
