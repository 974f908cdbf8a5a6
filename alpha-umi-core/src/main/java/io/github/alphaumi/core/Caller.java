package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import java.util.List;

/**
 * The role that turns a plan into a tool call, or into several. Implementations must be safe for
 * use by several threads if their agent is.
 */
@FunctionalInterface
public interface Caller {

  /** What a caller wrote: a {@link ToolCall}, text that cannot be read as one, or several. */
  sealed interface Turn permits ToolCall, Unreadable, Several {

    /** What was written, one by one. */
    default List<Turn> calls() {
      return List.of(this);
    }
  }

  /**
   * Several calls for one step, none of which needs what another one returns. Each has its outcome
   * in the {@link Step}, in this order, whatever becomes of the others.
   *
   * <p>Neighbours whose tools may be repeated ({@link Effect#repeatable}) run side by side on the
   * agent's executor, without one in this order. A call with an effect waits for those before it,
   * and those after it wait for it. Once a call that changes something has run and not worked, what
   * waits and would change something is not made.
   *
   * @param calls at least two, readable or not
   */
  record Several(List<Turn> calls) implements Turn {
    public Several {
      calls = List.copyOf(calls);
      if (calls.size() < 2 || calls.stream().anyMatch(Several.class::isInstance)) {
        throw new IllegalArgumentException(
            "calls: needs at least two calls, each of them single: " + calls);
      }
    }
  }

  /**
   * Writes the call that the plan asks for, or the calls.
   *
   * @param trajectory what happened before this step
   * @param plan this step's decision
   * @param tools the tools on offer, never empty
   * @param context this run: time left, cancellation, accounting
   * @throws RunStoppedException to end the run with a reason
   */
  Turn call(
      Trajectory trajectory, Decision.Call plan, List<ToolSpecification> tools, RunContext context);

  /** A caller that asks a chat model, by its tool calling where it has that, else in text. */
  static Caller prompted(ChatModel model) {
    return prompted(model, Prompting.defaults());
  }

  /** As above, with examples, and with the model's window. */
  static Caller prompted(ChatModel model, Prompting prompting) {
    return new PromptedCaller(model, prompting);
  }

  /** A caller that continues a raw prompt in the given format. */
  static Caller tuned(TextModel model, PromptFormat format) {
    return new TunedRoles(model, format);
  }

  /**
   * This caller, and another one for what it cannot do: when two of its calls in a row are no call
   * of a tool on offer with the arguments it needs, or were refused as invalid by the tools, or
   * when it throws. Longer chains are made of several.
   *
   * <pre>{@code
   * Caller caller = Caller.tuned(local, format).withFallback(Caller.prompted(remote));
   * }</pre>
   */
  default Caller withFallback(Caller other) {
    return new FallbackCaller(this, other);
  }

  /**
   * A caller's text that cannot be read as a call. It is never replayed into a prompt as one: the
   * history keeps the plan and an observation that says what is wrong.
   *
   * @param text what the caller wrote
   * @param problem what is wrong with it, in words that a model can act on
   */
  record Unreadable(String text, String problem) implements Turn {}
}
