package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.lab.train.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one step teaches, with prompts as live runs build them. Not learnt: calls of tools that were
 * not offered or that cannot be read, answers that say nothing, and rationales that answer a turn
 * of a search, which the prompt does not have.
 */
final class StepSamples {
  static final String PLANNER = "planner";
  static final String CALLER = "caller";
  static final String SUMMARIZER = "summarizer";

  private static final String BEFORE_ANSWER = "conclusion: ";
  private static final Pattern ACTION = Pattern.compile("(?:^|\n)Action: ([^\\s]+)");

  private final PromptFormat format;
  private final List<ToolSpecification> tools;
  private final LabelledStep step;
  private final boolean forBackbone;

  StepSamples(
      PromptFormat format, List<ToolSpecification> tools, LabelledStep step, boolean forBackbone) {
    this.format = format;
    this.tools = tools;
    this.step = step;
    this.forBackbone = forBackbone;
  }

  /** Whether a task is the backbone's where backbone and roles learn from different ones. */
  static boolean isForBackbone(String task) {
    return (Hashes.of(task).charAt(0) & 1) == 0;
  }

  /** Whether anything is learnt: no call of a tool that was not offered is. */
  boolean isLearnable() {
    return !(step.decision() instanceof Decision.Call)
        || (step.call() instanceof ToolCall call
            && tools.stream().anyMatch(tool -> tool.name().equals(call.name())));
  }

  /** Empty after a turn of a search. */
  Optional<Sample> planner() {
    if (step.afterSearch()) {
      return Optional.empty();
    }
    String text = PromptFormat.write(step.decision());
    return Optional.of(sample(prompt(Role.PLANNER), List.of(planned(text, text.length())), false));
  }

  /** Empty where nothing is called. */
  Optional<Sample> caller() {
    return step.call() instanceof ToolCall call
        ? Optional.of(sample(prompt(Role.CALLER), List.of(called(PromptFormat.write(call))), false))
        : Optional.empty();
  }

  /** Empty where nothing is answered. */
  Optional<Sample> summarizer() {
    return answers()
        ? Optional.of(sample(prompt(Role.SUMMARIZER), List.of(answered(answer())), false))
        : Optional.empty();
  }

  /** All roles' turns of the step in one. */
  Optional<Sample> backbone() {
    if (step.afterSearch() || (step.decision() instanceof Decision.Conclude && !answers())) {
      return Optional.empty();
    }
    String ending =
        step.call() instanceof ToolCall call
            ? PromptFormat.write(call)
            : BEFORE_ANSWER + (answers() ? answer() : "give up.");
    String target = (step.decision().rationale() + "\n" + ending).strip();
    return Optional.of(sample(format.backbonePrompt(step.before(), tools), parts(target), true));
  }

  /**
   * The roles' parts of a turn of a single model: the call begins with its line, the answer behind
   * the word that announces it.
   */
  static List<Sample.Part> parts(String target) {
    List<Sample.Part> parts = new ArrayList<>();
    Matcher action = ACTION.matcher(target);
    int answer = target.indexOf(BEFORE_ANSWER);
    if (action.find() && (answer < 0 || action.start() < answer)) {
      int from = target.charAt(action.start()) == '\n' ? action.start() + 1 : action.start();
      if (from > 0) {
        parts.add(new Sample.Part(PLANNER, target.substring(0, from), from));
      }
      parts.add(called(target.substring(from)));
    } else if (answer >= 0 && !target.startsWith("give up", answer + BEFORE_ANSWER.length())) {
      int from = answer + BEFORE_ANSWER.length();
      parts.add(new Sample.Part(PLANNER, target.substring(0, from), from));
      if (from < target.length()) {
        parts.add(answered(target.substring(from)));
      }
    } else {
      parts.add(new Sample.Part(PLANNER, target, target.length()));
    }
    return parts;
  }

  /** A caller's turn, which its tool's name decides. */
  static Sample.Part called(String text) {
    Matcher action = ACTION.matcher(text);
    return new Sample.Part(CALLER, text, action.find() ? action.end() : text.length());
  }

  static Sample.Part answered(String text) {
    return new Sample.Part(SUMMARIZER, text, text.length());
  }

  /** A planner's turn, which is decided where it has named the tool, or else has ended. */
  private Sample.Part planned(String text, int otherwise) {
    int decided = step.call() instanceof ToolCall call ? endOfName(text, call.name()) : otherwise;
    return new Sample.Part(PLANNER, text, decided);
  }

  private static int endOfName(String text, String name) {
    Matcher named =
        Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])").matcher(text);
    return named.find() ? named.end() : text.length();
  }

  private Sample sample(Prompt prompt, List<Sample.Part> parts, boolean joined) {
    boolean firstPlan = parts.get(0).role().equals(PLANNER) && step.before().steps().isEmpty();
    return new Sample(prompt, parts, joined, forBackbone, !joined && firstPlan);
  }

  private Prompt prompt(Role role) {
    return format.prompt(role, step.before(), role == Role.PLANNER ? null : step.decision(), tools);
  }

  private String answer() {
    return step.answer() == null ? "" : step.answer().strip();
  }

  private boolean answers() {
    return !answer().isEmpty() && !answer().equals(PublishedChain.NO_ANSWER);
  }
}
