package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.ToolCall;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations to the four training sets, with prompts as live runs build them. Not learnt: calls
 * of tools that were not offered or that cannot be read, answers that say nothing, and rationales
 * that answer a turn of a search, which the prompt does not have.
 */
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
    read(
        conversation,
        new Learner() {
          @Override
          public void learn(int role, List<Turn> history, Prompt prompt, String target) {
            sink.write(
                role, new RoleSample(conversation.tools(), history, prompt.text(), target).json());
            sink.count(RoleSample.FILES.get(role));
          }

          @Override
          public void count(String what) {
            sink.count(what);
          }
        });
  }

  /** Takes what is to be learnt of a conversation. */
  interface Learner {

    /**
     * @param role index of {@link RoleSample#FILES}
     * @param history the turns before the target
     * @param prompt as a live run builds it
     */
    void learn(int role, List<Turn> history, Prompt prompt, String target);

    /** Hears of something that is not learnt, and why. */
    void count(String what);
  }

  void read(Conversation conversation, Learner learner) throws BadRecordException {
    List<ToolSpecification> tools = ToolRecord.specifications(conversation.tools());
    boolean first = (Hashes.of(conversation.instruction()).charAt(0) & 1) == 0;
    for (LabelledStep step : LabelledStep.of(conversation)) {
      Samples samples = new Samples(conversation, tools, step, learner);
      if (samples.isLearnable()) {
        if (reuse || first) {
          samples.backbone();
        }
        if (reuse || !first) {
          samples.roles();
        }
      }
    }
  }

  private final class Samples {
    private final Conversation conversation;
    private final List<ToolSpecification> tools;
    private final LabelledStep step;
    private final Learner learner;

    Samples(
        Conversation conversation,
        List<ToolSpecification> tools,
        LabelledStep step,
        Learner learner) {
      this.conversation = conversation;
      this.tools = tools;
      this.step = step;
      this.learner = learner;
    }

    boolean isLearnable() {
      if (!(step.decision() instanceof Decision.Call)) {
        return true;
      }
      boolean offered =
          step.call() instanceof ToolCall call
              && tools.stream().anyMatch(tool -> tool.name().equals(call.name()));
      if (!offered) {
        learner.count("not learnt: calls of no tool on offer");
      }
      return offered;
    }

    void roles() {
      if (step.afterSearch()) {
        learner.count("not learnt: plans that answer a search");
      } else {
        add(RoleSample.PLANNER, prompt(Role.PLANNER), PromptFormat.write(step.decision()), 0);
      }
      if (step.call() instanceof ToolCall call) {
        add(RoleSample.CALLER, prompt(Role.CALLER), PromptFormat.write(call), 1);
      }
      if (answers()) {
        add(RoleSample.SUMMARIZER, prompt(Role.SUMMARIZER), answer(), 1);
      }
    }

    void backbone() {
      if (step.afterSearch() || (step.decision() instanceof Decision.Conclude && !answers())) {
        return;
      }
      String ending =
          step.call() instanceof ToolCall call
              ? PromptFormat.write(call)
              : "conclusion: " + (answers() ? answer() : "give up.");
      String target = (step.decision().rationale() + "\n" + ending).strip();
      add(RoleSample.BACKBONE, format.backbonePrompt(step.before(), tools), target, 0);
    }

    private Prompt prompt(Role role) {
      return format.prompt(
          role, step.before(), role == Role.PLANNER ? null : step.decision(), tools);
    }

    private String answer() {
      return step.answer() == null ? "" : step.answer().strip();
    }

    private boolean answers() {
      return !answer().isEmpty() && !answer().equals(PublishedChain.NO_ANSWER);
    }

    private void add(int role, Prompt prompt, String target, int turnsAfterPlan) {
      List<Turn> history = conversation.turns().subList(0, step.turn() + turnsAfterPlan);
      learner.learn(role, history, prompt, target);
    }
  }
}
