package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.Simulation.Fault;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the makers of tasks of all kinds have in common: the tools, the choices, and the writing
 * down.
 */
final class TaskDraft {
  private static final double TODAY = 0.35;
  private static final double TODAY_FOR_NOTHING = 0.05;

  private final WorldTask.Kind kind;
  private final String seed;
  private final ToolSet.Tools tools;
  private final Draws draws;

  TaskDraft(WorldTask.Kind kind, String seed, ToolSet.Tools tools, Draws draws) {
    this.kind = kind;
    this.seed = seed;
    this.tools = tools;
    this.draws = draws;
    if (draws.chance(TODAY)) {
      draws.stateToday();
    }
  }

  WorldTask.Kind kind() {
    return kind;
  }

  Draws draws() {
    return draws;
  }

  List<OfferedTool> tools() {
    return tools.usable();
  }

  Optional<List<OfferedTool>> twins() {
    return tools.twins();
  }

  Optional<OfferedTool> anyTool() {
    return tools().isEmpty() ? Optional.empty() : Optional.of(draws.pick(tools()));
  }

  Simulation simulation(Map<Integer, Fault> faults) {
    return new Simulation(seed, draws, faults);
  }

  Episode episode(Map<Integer, Fault> faults) {
    return new Episode(simulation(faults), draws);
  }

  Fault temporary(OfferedTool tool) {
    return new Fault(draws.pick(draws.lines("temporary-errors")).replace("{}", tool.name()), true);
  }

  Fault missing(OfferedTool tool) {
    return new Fault(draws.pick(tool.tool().failures()), false);
  }

  Fault closed() {
    return new Fault(draws.pick(draws.lines("closed-errors")), false);
  }

  /** A call whose results are told, if there are any. */
  static void perform(
      String opening, OfferedTool tool, Map<String, Object> arguments, Episode episode) {
    episode
        .call(opening, tool, arguments)
        .ifPresent(results -> episode.say(tool, arguments, results));
  }

  /** A call of which that is told that was asked for. */
  static void perform(String opening, Asked asked, Episode episode) {
    episode
        .call(opening, asked.tool(), asked.arguments())
        .ifPresent(results -> episode.say(asked, results));
  }

  /** What may differ: among the values that plans name, and not what is one of two or three. */
  static Optional<Argument> variable(OfferedTool tool) {
    return tool.tool().required().stream()
        .limit(2)
        .filter(argument -> argument.kind().isOpen() && argument.kind() != WorldKind.TEXT)
        .findFirst();
  }

  static boolean usesDate(Asked asked) {
    return usesDate(asked.tool(), asked.arguments());
  }

  static boolean usesDate(OfferedTool tool, Map<String, Object> arguments) {
    return tool.tool().arguments().stream()
        .anyMatch(a -> a.kind() == WorldKind.DATE && arguments.containsKey(a.name()));
  }

  /** The task as it is written, with what day it is where a date needs that. */
  WorldTask task(Request request, boolean usesDate, boolean indirect, Episode episode) {
    boolean stated = draws.isTodayStated() && usesDate || draws.chance(TODAY_FOR_NOTHING);
    String text =
        request.finished(draws, new RequestWords(draws, stated ? Dates.stated(draws) : ""));
    return new WorldTask(
        "",
        kind,
        episode.domains(),
        stated ? Optional.of(draws.today()) : Optional.empty(),
        indirect,
        request.isDescribed(),
        Optional.empty(),
        text,
        episode.steps(),
        episode.end(),
        episode.answer());
  }
}
