package io.github.alphaumi.core.cases;

import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.cases.AgentCase.Outcome.Failure;
import io.github.alphaumi.core.cases.AgentCase.Subject.Attempt;
import io.github.alphaumi.core.cases.AgentCase.Subject.Ending;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares an attempt with what was expected. Calls that met the scripted temporary error do not
 * count. Of the others, those beyond the expected ones are a fault where the tool has an effect,
 * and a remark where it has none.
 */
final class CaseJudge {
  private final Expectation expected;
  private final JsonEquality equality;
  private final ScriptedTools tools;
  private final List<ToolCall> made;

  CaseJudge(Expectation expected, JsonEquality equality, ScriptedTools tools) {
    this.expected = expected;
    this.equality = equality;
    this.tools = tools;
    made =
        tools.made().stream()
            .filter(call -> !call.temporary())
            .map(ScriptedTools.Made::call)
            .toList();
  }

  AgentCase.Outcome judge(Attempt attempt) {
    AnswerText answer = new AnswerText(attempt.answer());
    Matching exact = best(this::sameCall);
    Matching named = best(CaseJudge::sameTool);
    boolean decision = decision(attempt, answer);
    boolean callsExact = exact.isComplete() && !exact.harms();
    boolean toolNames = named.isComplete() && !named.harms();
    String textProblem = textProblem(answer);
    boolean answered = ends(attempt, answer) && textProblem.isEmpty();
    List<String> remarks = exact.needless().stream().map(call -> "not needed: " + call).toList();
    Failure failure = null;
    String problem = "";
    if (!decision || !callsExact || !answered) {
      failure = failure(attempt, decision, exact, named);
      problem =
          switch (failure) {
            case BUDGET -> "a limit ended it";
            case WRONG_DECISION -> decisionProblem(attempt);
            case WRONG_TOOL -> "called " + names(made) + " in place of " + names(usual());
            case WRONG_ARGUMENT -> "called " + made + " in place of " + usual();
            case EXTRA_CALL -> "called beyond what was expected: " + exact.harmful();
            case WRONG_ANSWER -> textProblem.isEmpty() ? "it did not answer" : textProblem;
          };
    }
    return new AgentCase.Outcome(
        decision, toolNames, callsExact, answered, failure, problem, remarks, attempt.trajectory());
  }

  private Failure failure(Attempt attempt, boolean decision, Matching exact, Matching named) {
    if (attempt.ending() == Ending.STOPPED) {
      return Failure.BUDGET;
    }
    if (!decision) {
      return Failure.WRONG_DECISION;
    }
    if (!named.isComplete()) {
      return Failure.WRONG_TOOL;
    }
    if (!exact.isComplete()) {
      return Failure.WRONG_ARGUMENT;
    }
    return exact.harms() ? Failure.EXTRA_CALL : Failure.WRONG_ANSWER;
  }

  private boolean decision(Attempt attempt, AnswerText answer) {
    if (expected.giveUp()) {
      return givesUp(attempt, answer);
    }
    boolean calls = expected.calls().stream().noneMatch(List::isEmpty);
    return attempt.ending() != Ending.GAVE_UP && (!calls || !tools.made().isEmpty());
  }

  private String decisionProblem(Attempt attempt) {
    if (expected.giveUp()) {
      return "answered what cannot be known: " + attempt.answer();
    }
    return attempt.ending() == Ending.GAVE_UP
        ? "gave up"
        : "answered without a call: " + attempt.answer();
  }

  private static boolean givesUp(Attempt attempt, AnswerText answer) {
    return attempt.ending() == Ending.GAVE_UP
        || (attempt.ending() == Ending.ANSWERED && answer.refuses());
  }

  private boolean ends(Attempt attempt, AnswerText answer) {
    return expected.giveUp() ? givesUp(attempt, answer) : attempt.ending() == Ending.ANSWERED;
  }

  /** What is wrong with the answer's text; who gives up owes none. */
  private String textProblem(AnswerText answer) {
    for (List<String> any : expected.giveUp() ? List.<List<String>>of() : expected.contains()) {
      if (!answer.containsAny(any)) {
        return "the answer has " + (any.size() == 1 ? "no '" + any.get(0) + "'" : "none of " + any);
      }
    }
    for (String part : expected.containsNot()) {
      if (answer.contains(part)) {
        return "the answer has '" + part + "', which it must not";
      }
    }
    return "";
  }

  private List<ToolCall> usual() {
    return expected.calls().get(0);
  }

  private static List<String> names(List<ToolCall> calls) {
    return calls.stream().map(ToolCall::name).toList();
  }

  private static boolean sameTool(ToolCall right, ToolCall call) {
    return right.name().equals(call.name());
  }

  private boolean sameCall(ToolCall right, ToolCall call) {
    ScriptedTool tool = tools.tool(right.name());
    Map<String, @Nullable Object> defaults = tool == null ? Map.of() : tool.defaults();
    return sameTool(right, call) && equality.same(right.arguments(), call.arguments(), defaults);
  }

  /** The list of calls that the attempt comes nearest to. */
  private Matching best(BiPredicate<ToolCall, ToolCall> same) {
    Comparator<Matching> nearest =
        Comparator.comparing((Matching matching) -> matching.isComplete() && !matching.harms())
            .thenComparing(Matching::isComplete)
            .thenComparing(matching -> -matching.missing.size());
    Matching best = match(usual(), same);
    for (List<ToolCall> list : expected.calls().subList(1, expected.calls().size())) {
      Matching other = match(list, same);
      best = nearest.compare(other, best) > 0 ? other : best;
    }
    return best;
  }

  private Matching match(List<ToolCall> list, BiPredicate<ToolCall, ToolCall> same) {
    List<ToolCall> missing = new ArrayList<>(list);
    List<ToolCall> rest = new ArrayList<>();
    for (ToolCall call : made) {
      int found = -1;
      for (int i = 0; i < missing.size() && found < 0; i++) {
        if (same.test(missing.get(i), call)) {
          found = i;
        } else if (!expected.anyOrder()) {
          break;
        }
      }
      if (found < 0) {
        rest.add(call);
      } else {
        missing.remove(found);
      }
    }
    return new Matching(missing, rest);
  }

  /**
   * @param missing expected calls that were not made
   * @param rest calls that were not expected
   */
  private final class Matching {
    private final List<ToolCall> missing;
    private final List<ToolCall> rest;

    Matching(List<ToolCall> missing, List<ToolCall> rest) {
      this.missing = missing;
      this.rest = rest;
    }

    boolean isComplete() {
      return missing.isEmpty();
    }

    boolean harms() {
      return !harmful().isEmpty();
    }

    List<ToolCall> harmful() {
      return rest.stream().filter(call -> !isHarmless(call)).toList();
    }

    List<ToolCall> needless() {
      return rest.stream().filter(this::isHarmless).toList();
    }

    private boolean isHarmless(ToolCall call) {
      ScriptedTool tool = tools.tool(call.name());
      return tool == null || !tool.effectful();
    }
  }
}
