package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.lab.train.Sample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conversations to the four training sets. */
final class RoleFiles implements RecordStep {
  private final PromptFormat format;
  private final boolean reuse;

  /**
   * @param reuse whether the backbone and the roles learn from the same tasks; else each task is
   *     for one of the two
   */
  RoleFiles(PromptFormat format, boolean reuse) {
    this.format = format;
    this.reuse = reuse;
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    Conversation conversation = Conversation.read(record);
    List<ToolSpecification> tools = ToolRecord.specifications(conversation.tools());
    boolean forBackbone = StepSamples.isForBackbone(conversation.instruction());
    for (LabelledStep step : LabelledStep.of(conversation)) {
      StepSamples samples = new StepSamples(format, tools, step, forBackbone);
      if (!samples.isLearnable()) {
        sink.count("not learnt: calls of no tool on offer");
        continue;
      }
      List<Turn> before = conversation.turns().subList(0, step.turn());
      if (reuse || forBackbone) {
        add(RoleSample.BACKBONE, samples.backbone(), conversation, before, sink);
      }
      if (reuse || !forBackbone) {
        List<Turn> withPlan = conversation.turns().subList(0, step.turn() + 1);
        add(RoleSample.PLANNER, samples.planner(), conversation, before, sink);
        add(RoleSample.CALLER, samples.caller(), conversation, withPlan, sink);
        add(RoleSample.SUMMARIZER, samples.summarizer(), conversation, withPlan, sink);
        if (step.afterSearch()) {
          sink.count("not learnt: plans that answer a search");
        }
      }
    }
  }

  private static void add(
      int role, Optional<Sample> sample, Conversation conversation, List<Turn> history, Sink sink) {
    if (sample.isPresent()) {
      String input = sample.get().prompt().text();
      String target = sample.get().target();
      sink.write(role, new RoleSample(conversation.tools(), history, input, target).json());
      sink.count(RoleSample.FILES.get(role));
    }
  }
}
