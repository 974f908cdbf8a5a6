package io.github.alphaumi.core;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares two attempts with a chat model. */
final class PromptedJudge implements Search.Judge {
  private static final String DUTY =
      """
      You compare two ways of going on with a task, A and B, which share their beginning. Prefer the \
      one that is closer to the answer or has found out more that is of use. Say briefly why, and \
      end with the letter of the better one alone: A or B.""";

  /** As much as ToolBench's judge is shown. */
  private static final int LONGEST_OBSERVATION = 1_024;

  private static final Pattern LETTER = Pattern.compile("\\b([AB])\\b");

  private final ChatRole chat;

  PromptedJudge(ChatModel model) {
    chat =
        new ChatRole(
            model, Role.PLANNER, DUTY, Prompting.defaults(), (trajectory, answer) -> answer);
  }

  @Override
  public String toString() {
    return chat.toString();
  }

  @Override
  public boolean prefersFirst(Trajectory first, Trajectory second, RunContext context) {
    List<Step> steps = first.steps();
    StringBuilder text = new StringBuilder("Task: ").append(first.task());
    for (Step step : steps.subList(0, Math.max(0, steps.size() - 1))) {
      text.append("\n- ").append(told(step));
    }
    first.last().ifPresent(step -> text.append("\nA: ").append(told(step)));
    second.last().ifPresent(step -> text.append("\nB: ").append(told(step)));
    String verdict =
        chat.ask(
                ChatRequest.builder()
                    .messages(
                        SystemMessage.from(DUTY),
                        UserMessage.from(ControlTokens.defused(text.toString())))
                    .build(),
                context)
            .text();
    Matcher letters = LETTER.matcher(verdict);
    String last = "";
    while (letters.find()) {
      last = letters.group(1);
    }
    if (last.isEmpty()) {
      context.repaired(Role.PLANNER, "the judge named neither A nor B; taken as B: " + verdict);
    }
    return last.equals("A");
  }

  private static String told(Step step) {
    return step.outcomes().stream()
        .map(outcome -> told(outcome, step.plan()))
        .collect(Collectors.joining("; "));
  }

  private static String told(Step.Outcome outcome, Decision plan) {
    String observation = outcome.observation().text();
    int end = Math.min(observation.length(), LONGEST_OBSERVATION);
    boolean halved = end > 0 && Character.isHighSurrogate(observation.charAt(end - 1));
    return outcome.call().map(ToolCall::toString).orElse(plan.rationale())
        + " gave: "
        + observation.substring(0, halved ? end - 1 : end);
  }
}
