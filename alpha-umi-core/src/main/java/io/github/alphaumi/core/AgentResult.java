package io.github.alphaumi.core;

import io.github.alphaumi.core.Conversation.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a run ended and what came out of it. Immutable. */
public final class AgentResult {
  private final String runId;
  private final StopReason stopReason;
  private final String detail;
  private final @Nullable String answer;
  private final Trajectory trajectory;
  private final SearchTree tree;
  private final Usage usage;
  private final @Nullable Throwable failure;

  AgentResult(
      String runId,
      StopReason stopReason,
      String detail,
      @Nullable String answer,
      Trajectory trajectory,
      SearchTree tree,
      Usage usage,
      @Nullable Throwable failure) {
    this.runId = runId;
    this.stopReason = stopReason;
    this.detail = detail;
    this.answer = answer;
    this.trajectory = trajectory;
    this.tree = tree;
    this.usage = usage;
    this.failure = failure;
  }

  public String runId() {
    return runId;
  }

  public StopReason stopReason() {
    return stopReason;
  }

  /** One sentence on the stop reason: the limit that was met, what is wrong, what to do. */
  public String detail() {
    return detail;
  }

  /**
   * The answer when the reason is {@link StopReason#ANSWERED}; otherwise the best partial answer,
   * if anything was found out at all.
   */
  public Optional<String> answer() {
    return Optional.ofNullable(answer);
  }

  /** All answers that the search found, oldest first; empty without {@link StopReason#ANSWERED}. */
  public List<String> answers() {
    return tree.nodes().stream().flatMap(node -> node.answer().stream()).toList();
  }

  /** The path to the answer, otherwise the one on which tools gave most results. */
  public Trajectory trajectory() {
    return trajectory;
  }

  /** Everything that was tried. */
  public SearchTree tree() {
    return tree;
  }

  /**
   * The conversation that a follow-up task goes on from: the one before this task, with this task
   * if there is something like an answer to it.
   */
  public Conversation conversation() {
    Conversation before = trajectory.conversation();
    return answer == null || answer.isBlank()
        ? before
        : before.with(new Exchange(trajectory.task(), trajectory.steps(), answer));
  }

  /**
   * Calls of tools with an effect that an earlier life of the run may have made, and that were not
   * made again: somebody should look. Empty unless the run was resumed.
   */
  public List<ToolCall> unknownOutcomes() {
    return tree.nodes().stream()
        .flatMap(node -> node.calls().stream())
        .filter(
            made ->
                made.observation()
                    .filter(seen -> seen.status() == Observation.Status.UNKNOWN)
                    .isPresent())
        .flatMap(made -> made.call().stream())
        .toList();
  }

  public Usage usage() {
    return usage;
  }

  /**
   * What was thrown, when the reason is {@link StopReason#MODEL_FAILED}, or when a role threw while
   * the run was being ended.
   */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public String toString() {
    return stopReason + ": " + answer().orElse(detail);
  }

  /**
   * How a run ended that was asked for a value. Immutable.
   *
   * @param result the run; its answer is the text that the value was read from
   * @param value the answer as a value; empty if the run was not answered, or if the answer was no
   *     such value although the model was asked twice
   * @param problem why there is no value; empty if there is one
   */
  public record Typed<T>(AgentResult result, Optional<T> value, String problem) {

    @Override
    public String toString() {
      return value.map(String::valueOf).orElse("no value: " + problem);
    }
  }

  /**
   * What a run cost, agents that it asked included. Immutable.
   *
   * @param modelCalls calls of models, all roles together
   * @param toolCalls tools that were started
   * @param inputTokens tokens of all prompts
   * @param cachedTokens how many of them were served from a cache
   * @param outputTokens tokens written by models
   * @param repairs model texts that had to be mended or put right by a default
   * @param cost by the budget's price
   * @param elapsed wall-clock time
   */
  public record Usage(
      int modelCalls,
      int toolCalls,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      int repairs,
      double cost,
      Duration elapsed) {}
}
