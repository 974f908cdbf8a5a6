package io.github.alphaumi.core.cases;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Toolbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One task with scripted tools and what is expected of it. Immutable; each attempt has tools of its
 * own. Cases are kept in JSON files:
 *
 * <pre>{@code
 * {"tools": {"orderStatus": {
 *    "description": "Status of an order",
 *    "parameters": {"type": "object", "properties": {"order": {"type": "string"}},
 *                   "required": ["order"]},
 *    "effect": "read-only",
 *    "results": [{"args": {"order": "A-1"}, "result": {"status": "shipped"}}],
 *    "otherwise": {"error": "no such order"}}},
 *  "cases": [{
 *    "id": "c1", "kind": "single", "level": 1,
 *    "request": "Where is order A-1?", "tools": ["orderStatus"],
 *    "expected": [{"tool": "orderStatus", "args": {"order": "A-1"}}],
 *    "answerContains": [["shipped"]]}]}
 * }</pre>
 *
 * <p>A tool also has {@code failFirst}, the number of its first calls in a case that meet a
 * temporary error. A case also has {@code anyOrder} (of the expected calls), {@code alternatives}
 * (other lists of calls that will do), {@code argAlternatives} (argument to other values that will
 * do), {@code answerNotContains} and {@code giveUp} (that the task cannot be done). Members of
 * other names are not used, and logged.
 */
public final class AgentCase {
  private final String id;
  private final String kind;
  private final int level;
  private final String request;
  private final List<ScriptedTool> tools;
  private final JsonEquality equality;
  private final Expectation expectation;

  AgentCase(
      String id,
      String kind,
      int level,
      String request,
      List<ScriptedTool> tools,
      JsonEquality equality,
      Expectation expectation) {
    this.id = id;
    this.kind = kind;
    this.level = level;
    this.request = request;
    this.tools = tools;
    this.equality = equality;
    this.expectation = expectation;
  }

  /**
   * Reads the cases of a file, in its order.
   *
   * @throws AlphaUmiException if it cannot be read; if a case has no id, another's id or no
   *     request, or names a tool that is not in the file
   */
  public static List<AgentCase> load(Path file) {
    return CaseFile.read(file);
  }

  public String id() {
    return id;
  }

  /**
   * For example {@code single}, {@code dependent}, {@code giveup}; empty if the file does not say.
   */
  public String kind() {
    return kind;
  }

  /**
   * 1 for verbatim values and an obvious tool, 2 for indirect wording or near-duplicate tools, 3
   * for several steps or traps; 0 if the file does not say.
   */
  public int level() {
    return level;
  }

  public String request() {
    return request;
  }

  /** Lets the subject work on the request, and judges what it did. */
  public Outcome run(Subject subject) {
    ScriptedTools attempted =
        new ScriptedTools(
            tools, expectation.calls().stream().flatMap(List::stream).toList(), equality);
    Subject.Attempt attempt = subject.attempt(request, attempted);
    return new CaseJudge(expectation, equality, attempted).judge(attempt);
  }

  @Override
  public String toString() {
    return id + ": " + request;
  }

  /** What is judged: anything that takes a request and may call tools. */
  @FunctionalInterface
  public interface Subject {

    /**
     * Works on one request.
     *
     * @param tools those that the case offers; each call of them is remembered
     */
    Attempt attempt(String request, Toolbox tools);

    /** How an attempt ended. */
    enum Ending {
      /** With an answer. */
      ANSWERED,
      /** It said by its own means that the task cannot be done. */
      GAVE_UP,
      /** A limit ended it. */
      STOPPED
    }

    /**
     * What came of an attempt, beside the calls. Immutable.
     *
     * @param answer what the user is told; may be empty
     * @param trajectory what was done, line by line, for people
     */
    record Attempt(Ending ending, String answer, List<String> trajectory) {
      public Attempt {
        trajectory = List.copyOf(trajectory);
      }
    }

    /**
     * An agent.
     *
     * @param agent makes one that has these tools
     */
    static Subject of(Function<Toolbox, Agent> agent) {
      return new AgentSubject(agent);
    }
  }

  /**
   * How an attempt at a case went. Immutable.
   *
   * @param decision whether it called tools, answered or gave up where that was right
   * @param toolNames whether the right tools were called, whatever their arguments
   * @param callsExact whether the right calls were made and none that does harm
   * @param answer whether it ended as it should and its text has what it must and nothing it must
   *     not
   * @param failure what went wrong first; null if nothing did
   * @param problem one sentence on the failure; empty if there is none
   * @param remarks what could have been better, such as calls that were not needed
   * @param trajectory what was done, line by line
   */
  public record Outcome(
      boolean decision,
      boolean toolNames,
      boolean callsExact,
      boolean answer,
      @Nullable Failure failure,
      String problem,
      List<String> remarks,
      List<String> trajectory) {

    /** What can go wrong, in the order in which it is looked for. */
    public enum Failure {
      BUDGET("budget"),
      WRONG_DECISION("wrong decision"),
      WRONG_TOOL("wrong tool"),
      WRONG_ARGUMENT("wrong argument"),
      EXTRA_CALL("extra call"),
      WRONG_ANSWER("wrong answer");

      private final String words;

      Failure(String words) {
        this.words = words;
      }

      @Override
      public String toString() {
        return words;
      }
    }

    public Outcome {
      remarks = List.copyOf(remarks);
      trajectory = List.copyOf(trajectory);
    }

    /** Whether all of it was right. */
    public boolean success() {
      return failure == null;
    }

    /** Failure, problem and trajectory as lines; empty if it was a success. */
    public Optional<String> report() {
      return success()
          ? Optional.empty()
          : Optional.of(failure + ": " + problem + "\n  " + String.join("\n  ", trajectory));
    }
  }
}
