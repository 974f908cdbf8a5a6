package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Planner;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.Summarizer;
import io.github.alphaumi.core.ToolCall;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Roles that follow a script, for one run: each planner's turn is the next of the script, each
 * caller's turn belongs to the call just planned. Running out of script is an error.
 *
 * <pre>{@code
 * Roles roles = ScriptedRoles.create().call("price", Map.of("ticker", "MSFT")).conclude("417.2").roles();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class ScriptedRoles {
  private final Deque<Supplier<Decision>> plans = new ArrayDeque<>();
  private final Deque<Supplier<Caller.Turn>> turns = new ArrayDeque<>();
  private String answer = "";

  private ScriptedRoles() {}

  public static ScriptedRoles create() {
    return new ScriptedRoles();
  }

  /** The planner asks for this call and the caller writes it. */
  public ScriptedRoles call(String tool, Map<String, ? extends @Nullable Object> arguments) {
    plans.add(() -> new Decision.Call("call " + tool));
    turns.add(() -> new ToolCall(tool, new LinkedHashMap<>(arguments)));
    return this;
  }

  /** The planner asks for a call and the caller writes something else. */
  public ScriptedRoles unreadable(String text, String problem) {
    plans.add(() -> new Decision.Call("call something"));
    turns.add(() -> new Caller.Unreadable(text, problem));
    return this;
  }

  /** The planner concludes and the summarizer gives this answer. */
  public ScriptedRoles conclude(String answer) {
    plans.add(() -> new Decision.Conclude("all is known"));
    return answer(answer);
  }

  /** What the summarizer says whenever it is asked. */
  public ScriptedRoles answer(String answer) {
    this.answer = answer;
    return this;
  }

  public ScriptedRoles giveUp(String rationale) {
    plans.add(() -> new Decision.GiveUp(rationale));
    return this;
  }

  /** The planner does this instead of a decision: throw, cancel, advance a clock. */
  public ScriptedRoles plan(Supplier<Decision> plan) {
    plans.add(plan);
    return this;
  }

  /** The caller does this for a call that was planned by {@link #plan}. */
  public ScriptedRoles turn(Supplier<Caller.Turn> turn) {
    turns.add(turn);
    return this;
  }

  public Roles roles() {
    Planner planner = (trajectory, tools, context) -> next(plans, "planner").get();
    Caller caller = (trajectory, plan, tools, context) -> next(turns, "caller").get();
    Summarizer summarizer = (trajectory, plan, tools, context) -> answer;
    return new Roles(planner, caller, summarizer);
  }

  private static <T> T next(Deque<T> script, String role) {
    T next = script.poll();
    if (next == null) {
      throw new AssertionError("the " + role + "'s script is at its end");
    }
    return next;
  }
}
