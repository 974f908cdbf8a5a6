package io.github.alphaumi.core;

import dev.langchain4j.model.TokenCountEstimator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a chat model is asked to play a role. Immutable.
 *
 * <pre>{@code
 * Planner.prompted(
 *     model,
 *     Prompting.defaults()
 *         .withContextWindow(8_192)
 *         .withExample(Prompting.Example.of(result)))
 * }</pre>
 *
 * @param examples finished runs that show how it is done; each role sees its own part of them
 * @param contextWindow tokens that prompt and answer may have together; chat models do not tell
 *     theirs, and servers that get more cut the beginning off without a word
 * @param tokens counts tokens; null for an estimate from the number of characters
 */
public record Prompting(
    List<Example> examples, int contextWindow, @Nullable TokenCountEstimator tokens) {

  private static final int DEFAULT_WINDOW = 32_768;
  private static final int SMALLEST_WINDOW = 256;
  private static final Prompting DEFAULTS = new Prompting(List.of(), DEFAULT_WINDOW, null);

  /**
   * A run that went well, as an example for the models of other runs.
   *
   * @param trajectory the task and the steps
   * @param answer what the user was told
   */
  public record Example(Trajectory trajectory, String answer) {

    /**
     * @throws IllegalArgumentException if the run was not answered
     */
    public static Example of(AgentResult result) {
      if (result.stopReason() != StopReason.ANSWERED) {
        throw new IllegalArgumentException(
            "result: it ended with "
                + result.stopReason()
                + "; take a run that was answered as an example");
      }
      return new Example(result.trajectory(), result.answer().orElse(""));
    }
  }

  public Prompting {
    examples = List.copyOf(examples);
    if (contextWindow < SMALLEST_WINDOW) {
      throw new IllegalArgumentException(
          "contextWindow: " + contextWindow + " is less than " + SMALLEST_WINDOW);
    }
  }

  /** No examples, a window of 32,768 tokens, estimated. */
  public static Prompting defaults() {
    return DEFAULTS;
  }

  /** One more example, after those that are there. */
  public Prompting withExample(Example example) {
    List<Example> more = new ArrayList<>(examples);
    more.add(example);
    return new Prompting(more, contextWindow, tokens);
  }

  public Prompting withContextWindow(int tokens) {
    return new Prompting(examples, tokens, this.tokens);
  }

  public Prompting withTokens(TokenCountEstimator estimator) {
    return new Prompting(examples, contextWindow, estimator);
  }

  int count(String text) {
    return tokens == null ? TokenEstimate.of(text) : tokens.estimateTokenCountInText(text);
  }
}
