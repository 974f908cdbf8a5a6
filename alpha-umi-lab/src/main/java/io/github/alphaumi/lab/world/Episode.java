package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is done for one task: calls of the simulated tools, and what is said of their results. */
final class Episode {
  private final Simulation simulation;
  private final Answers answers;
  private final List<WorldStep> steps = new ArrayList<>();
  private final List<String> sentences = new ArrayList<>();
  private final Set<String> domains = new LinkedHashSet<>();
  private Decision end = PlanWords.CONCLUDE;

  Episode(Simulation simulation, Draws draws) {
    this.simulation = simulation;
    answers = new Answers(draws);
  }

  /**
   * Calls a tool, a second time where the first meets a temporary error.
   *
   * @return its results; empty if there are none, and then what was to follow cannot be done
   */
  Optional<Map<String, Object>> call(
      String opening, OfferedTool tool, Map<String, Object> arguments) {
    domains.add(tool.tool().domain());
    ToolCall call = tool.call(arguments);
    Simulation.Outcome outcome = step(opening, tool, call, arguments);
    if (outcome.failed() && outcome.temporary()) {
      outcome = step(PlanWords.FAILED, tool, call, arguments);
      if (outcome.failed()) {
        end = PlanWords.FAILED_AGAIN;
        return Optional.empty();
      }
    }
    if (outcome.failed()) {
      end = PlanWords.NOTHING_FOUND;
      boolean looked = tool.tool().effect() == Effect.READ_ONLY;
      sentences.add(
          (looked ? "Nothing was found: " : "That did not work: ") + outcome.error() + ".");
      return Optional.empty();
    }
    end = PlanWords.CONCLUDE;
    return Optional.of(outcome.results());
  }

  /** Calls a tool and, as it is out of service, another one that does the same. */
  Map<String, Object> callOther(
      OfferedTool closed, OfferedTool other, Map<String, Object> arguments) {
    domains.add(closed.tool().domain());
    step("", closed, closed.call(arguments), arguments);
    return step(PlanWords.CLOSED, other, other.call(arguments), arguments).results();
  }

  private Simulation.Outcome step(
      String opening, OfferedTool tool, ToolCall call, Map<String, Object> arguments) {
    Simulation.Outcome outcome = simulation.call(tool, arguments);
    steps.add(
        new WorldStep(
            PlanWords.call(opening, call), call, outcome.observation(), outcome.failed()));
    return outcome;
  }

  /** Says all that a call brought. */
  void say(OfferedTool offered, Map<String, Object> arguments, Map<String, Object> results) {
    sentences.add(answers.all(offered, arguments, results));
  }

  /** Says what one of several calls of a tool brought that differ in one argument. */
  void say(
      OfferedTool offered,
      Map<String, Object> arguments,
      Map<String, Object> results,
      Object different) {
    sentences.add(answers.all(offered, arguments, results, different));
  }

  /** Says what was asked for. */
  void say(Asked asked, Map<String, Object> results) {
    sentences.add(
        asked
            .wanted()
            .map(wanted -> answers.one(asked, wanted, results))
            .orElseGet(() -> answers.all(asked.tool(), asked.arguments(), results)));
  }

  /** Says what one call gave the next. */
  void sayBetween(String name, Object value) {
    sentences.add(Answers.between(name, value));
  }

  List<WorldStep> steps() {
    return List.copyOf(steps);
  }

  List<String> domains() {
    return List.copyOf(domains);
  }

  /** What ends it; where one of several calls found something, that is said, too. */
  Decision end() {
    return end;
  }

  Optional<String> answer() {
    return end instanceof Decision.GiveUp
        ? Optional.empty()
        : Optional.of(String.join(" ", sentences));
  }
}
