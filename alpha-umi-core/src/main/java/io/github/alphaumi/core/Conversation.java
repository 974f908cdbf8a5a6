package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Earlier tasks and what was answered: what a follow-up task refers to. Immutable.
 *
 * <pre>{@code
 * AgentResult status = agent.run("Where is my order A-4711?");
 * AgentResult refund = agent.after(status.conversation()).run("Then refund it.");
 * }</pre>
 *
 * @param exchanges oldest first
 */
public record Conversation(List<Exchange> exchanges) {
  private static final Conversation EMPTY = new Conversation(List.of());

  /**
   * One task and its answer.
   *
   * @param steps what was done for it, as far as it is to be remembered; may be empty
   */
  public record Exchange(String task, List<Step> steps, String answer) {

    /**
     * @throws IllegalArgumentException if task or answer are blank
     */
    public Exchange {
      if (task.isBlank() || answer.isBlank()) {
        throw new IllegalArgumentException(
            "exchange: task and answer must not be blank; leave out a task without an answer");
      }
      steps = List.copyOf(steps);
    }
  }

  public Conversation {
    exchanges = List.copyOf(exchanges);
  }

  /** One without exchanges. */
  public static Conversation empty() {
    return EMPTY;
  }

  /** This conversation and one exchange more. */
  public Conversation with(Exchange exchange) {
    List<Exchange> longer = new ArrayList<>(exchanges);
    longer.add(exchange);
    return new Conversation(longer);
  }

  /** The newest exchanges, at most so many: what keeps a long conversation's memory bounded. */
  public Conversation newest(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most: " + most + " is less than 0");
    }
    int size = exchanges.size();
    return size <= most ? this : new Conversation(exchanges.subList(size - most, size));
  }

  /** Tasks and answers only: the steps, which hold observations, are forgotten. */
  public Conversation withoutSteps() {
    return new Conversation(
        exchanges.stream()
            .map(exchange -> new Exchange(exchange.task(), List.of(), exchange.answer()))
            .toList());
  }
}
