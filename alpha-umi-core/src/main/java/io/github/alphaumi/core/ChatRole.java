package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.alphaumi.core.Trajectory.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the prompted roles share: the history fitted into the model's window, and one accounted chat
 * call.
 */
final class ChatRole {
  /** What templates of servers put around a message. */
  private static final int AROUND_A_MESSAGE = 8;

  private static final int LEAST_OUTPUT = 64;
  private static final int USUAL_OUTPUT = 1_024;
  private static final int OUTPUT_SHARE = 8;
  private static final int LONGEST_BAD_TURN = 1_000;

  private final ChatModel model;
  private final Role role;
  private final String duty;
  private final Prompting prompting;
  private final String examples;
  private final ChatHistory history;

  /**
   * @param example how an example looks to this role
   */
  ChatRole(
      ChatModel model,
      Role role,
      String duty,
      Prompting prompting,
      BiFunction<Trajectory, String, String> example) {
    this.model = model;
    this.role = role;
    this.duty = duty;
    this.prompting = prompting;
    StringBuilder shown = new StringBuilder();
    for (Prompting.Example run : prompting.examples()) {
      shown.append("\n\nExample:\n").append(example.apply(run.trajectory(), run.answer()).strip());
    }
    examples = shown.toString();
    history = new ChatHistory(duty + examples);
  }

  /** What a journal knows the role by: it changes with the instructions and the examples. */
  @Override
  public String toString() {
    return "prompted "
        + Fingerprints.of(duty + examples)
        + " with a window of "
        + prompting.contextWindow();
  }

  /** What the model wrote, and whether it was cut off. */
  record Turn(AiMessage message, boolean cut) {

    String text() {
      String text = message.text();
      return text == null ? "" : text;
    }
  }

  /** What the role reads beside task and history. */
  record Page(
      List<ToolSpecification> tools,
      @Nullable Decision plan,
      String instruction,
      boolean withSchemas) {}

  /** What fits: messages, and the tools that they describe. */
  record Shown(List<ChatMessage> messages, List<ToolSpecification> tools) {}

  /**
   * Duty, task, history and, if there is one, this step's plan with what to do about it.
   *
   * @throws RunStoppedException if the task does not fit the window
   */
  Shown show(Trajectory trajectory, Page page) {
    int limit = prompting.contextWindow() - output();
    ChatSizes sizes = new ChatSizes(page);
    ContextFit.View view =
        new ContextFit(sizes, limit)
            .fit(trajectory, page.plan, page.tools)
            .orElseThrow(
                () ->
                    contextFull(
                        role,
                        sizes.base(Trajectory.start(trajectory.task()), List.of()),
                        prompting.contextWindow()));
    return new Shown(
        history.render(view.trajectory(), view.tools(), page.plan, page.instruction), view.tools());
  }

  static RunStoppedException contextFull(Role role, int tokens, int window) {
    return new RunStoppedException(
        StopReason.CONTEXT_FULL,
        String.format(
            Locale.ROOT,
            "the %s's prompt has %,d tokens and the model's window %,d: shorten the task,"
                + " offer fewer tools, or use a model with a larger window",
            role.name().toLowerCase(Locale.ROOT),
            tokens,
            window));
  }

  private int output() {
    Integer most = model.defaultRequestParameters().maxOutputTokens();
    int share = prompting.contextWindow() / OUTPUT_SHARE;
    return most == null
        ? Math.max(LEAST_OUTPUT, Math.min(USUAL_OUTPUT, share))
        : Math.min(most, prompting.contextWindow() / 2);
  }

  /** Tokens of the messages, each counted alone. */
  private final class ChatSizes implements ContextFit.Sizes {
    private final Page page;

    ChatSizes(Page page) {
      this.page = page;
    }

    @Override
    public int tokens(String text) {
      return prompting.count(text);
    }

    @Override
    public int step(Step step, List<Attempt> tried) {
      return all(ChatHistory.step(step, tried));
    }

    @Override
    public int base(Trajectory start, List<ToolSpecification> tools) {
      return all(history.render(start, tools, null, "")) + schemas(tools);
    }

    @Override
    public int rest(Trajectory start, List<ToolSpecification> tools) {
      return all(history.render(start, tools, page.plan, page.instruction)) + schemas(tools);
    }

    @Override
    public String whole(Trajectory trajectory, List<ToolSpecification> tools) {
      StringBuilder whole = new StringBuilder();
      history
          .render(trajectory, tools, page.plan, page.instruction)
          .forEach(message -> whole.append(message).append("        "));
      return page.withSchemas ? whole.append(tools).toString() : whole.toString();
    }

    private int all(List<ChatMessage> messages) {
      return messages.stream()
          .mapToInt(message -> prompting.count(ChatHistory.content(message)) + AROUND_A_MESSAGE)
          .sum();
    }

    private int schemas(List<ToolSpecification> tools) {
      return page.withSchemas ? prompting.count(tools.toString()) : 0;
    }
  }

  Turn ask(ChatRequest request, RunContext context) {
    context.checkLimits();
    context.asks(role, ModelNames.of(model), ChatPrompt.of(request));
    long start = System.nanoTime();
    ChatResponse response = model.chat(request);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    Turn turn = new Turn(response.aiMessage(), response.finishReason() == FinishReason.LENGTH);
    if (!turn.text().isEmpty()) {
      context.wrote(role, turn.text());
    }
    TokenUsage usage = response.tokenUsage();
    context.used(
        role,
        new ModelUse(
            usage == null ? 0 : orZero(usage.inputTokenCount()),
            0,
            usage == null ? 0 : orZero(usage.outputTokenCount()),
            Duration.ZERO,
            time));
    return turn;
  }

  /** The same conversation, the model's bad turn in it, and what was wrong with that. */
  static List<ChatMessage> corrected(List<ChatMessage> messages, String bad, String problem) {
    List<ChatMessage> again = new ArrayList<>(messages);
    String shown = ControlTokens.defused(beginning(bad));
    again.add(AiMessage.from(shown.isBlank() ? "(nothing)" : shown));
    again.add(UserMessage.from(problem));
    return again;
  }

  /** An endless turn is no better for being read again. */
  private static String beginning(String text) {
    return text.length() <= LONGEST_BAD_TURN ? text : text.substring(0, LONGEST_BAD_TURN) + "…";
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
