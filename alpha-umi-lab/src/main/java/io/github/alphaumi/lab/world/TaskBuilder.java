package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.lab.world.Simulation.Fault;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Reference;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tasks over one set of tools. Of a kind that the tools do not allow there is none. */
final class TaskBuilder {
  private static final double TODAY = 0.35;
  private static final double TODAY_FOR_NOTHING = 0.05;

  private final ToolSet.Tools tools;
  private final ValueLists lists;
  private final Split split;

  TaskBuilder(ToolSet.Tools tools, Split split, ValueLists lists) {
    this.tools = tools;
    this.split = split;
    this.lists = lists;
  }

  Optional<WorldTask> build(WorldTask.Kind kind, String seed) {
    return new Building(kind, seed).build();
  }

  /** A tool whose result another one takes. */
  private record Link(OfferedTool from, Result result, OfferedTool to, Argument argument) {}

  /** The making of one task. */
  private final class Building {
    private final WorldTask.Kind kind;
    private final String seed;
    private final Draws draws;

    Building(WorldTask.Kind kind, String seed) {
      this.kind = kind;
      this.seed = seed;
      draws = new Draws(seed, split, lists);
      if (draws.chance(TODAY)) {
        draws.stateToday();
      }
    }

    Optional<WorldTask> build() {
      return switch (kind) {
        case SINGLE -> usable().map(tool -> single(Asked.draw(tool, draws), Map.of()));
        case RETRY -> retry();
        case NOT_FOUND -> notFound();
        case FAILED_TWICE ->
            usable()
                .map(
                    tool ->
                        single(
                            Asked.draw(tool, draws),
                            Map.of(0, temporary(tool), 1, temporary(tool))));
        case ALTERNATIVE -> alternative();
        case TWO -> two();
        case SAME_TOOL_TWICE -> sameToolTwice();
        case DEPENDENT -> draws.chance(0.6) ? byReference(Map.of()) : byPronoun(Map.of());
        case THREE -> draws.chance(0.5) ? chain() : independentAndDependent();
        case NO_TOOL -> Optional.of(noTool());
        case FOLLOW_UP -> followUp();
        case IMPOSSIBLE -> Optional.empty();
      };
    }

    private Optional<OfferedTool> usable() {
      return tools.usable().isEmpty() ? Optional.empty() : Optional.of(draws.pick(tools.usable()));
    }

    private Simulation simulation(Map<Integer, Fault> faults) {
      return new Simulation(seed, draws, faults);
    }

    private Fault temporary(OfferedTool tool) {
      return new Fault(draws.pick(lists.of("temporary-errors")).replace("{}", tool.name()), true);
    }

    private Fault missing(OfferedTool tool) {
      return new Fault(draws.pick(tool.tool().failures()), false);
    }

    private WorldTask single(Asked asked, Map<Integer, Fault> faults) {
      Episode episode = new Episode(simulation(faults), draws);
      perform("", asked.tool(), asked.arguments(), episode);
      return task(finished(asked.request(), usesDate(asked)), asked.indirect(), episode);
    }

    private static void perform(
        String opening, OfferedTool tool, Map<String, Object> arguments, Episode episode) {
      episode
          .call(opening, tool, arguments)
          .ifPresent(results -> episode.say(tool, arguments, results));
    }

    private Optional<WorldTask> retry() {
      if (draws.chance(0.7)) {
        return usable().map(tool -> single(Asked.draw(tool, draws), Map.of(0, temporary(tool))));
      }
      Fault fault = new Fault("connection timed out", true);
      return draws.chance(0.5)
          ? byReference(Map.of(draws.below(2), fault))
          : byPronoun(Map.of(draws.below(2), fault));
    }

    private Optional<WorldTask> notFound() {
      return draws.chance(0.8)
          ? usable().map(tool -> single(Asked.draw(tool, draws), Map.of(0, missing(tool))))
          : byReference(Map.of(0, new Fault("", false)));
    }

    private Optional<WorldTask> alternative() {
      return tools
          .twins()
          .map(
              twins -> {
                OfferedTool closed = twins.get(0);
                OfferedTool other = twins.get(1);
                Asked asked = Asked.draw(closed, draws);
                Fault fault = new Fault(draws.pick(lists.of("closed-errors")), false);
                Episode episode = new Episode(simulation(Map.of(0, fault)), draws);
                episode.say(
                    other, asked.arguments(), episode.callOther(closed, other, asked.arguments()));
                return task(finished(asked.request(), usesDate(asked)), asked.indirect(), episode);
              });
    }

    private Optional<WorldTask> two() {
      List<OfferedTool> shuffled = draws.shuffled(tools.usable());
      if (shuffled.size() < 2) {
        return Optional.empty();
      }
      Asked first = Asked.draw(shuffled.get(0), draws);
      Asked second = Asked.draw(shuffled.get(1), draws);
      if (first.request().isClosed()) {
        return Optional.empty();
      }
      Map<Integer, Fault> faults =
          draws.chance(0.08)
              ? Map.of(0, missing(first.tool()))
              : draws.chance(0.05) ? Map.of(0, temporary(first.tool())) : Map.of();
      Episode episode = new Episode(simulation(faults), draws);
      perform(PlanWords.firstOf("two"), first.tool(), first.arguments(), episode);
      perform(PlanWords.nextOf("Second", "two"), second.tool(), second.arguments(), episode);
      Request both = Joining.independent(first.request(), second.request(), draws);
      return Optional.of(
          task(
              finished(both, usesDate(first) || usesDate(second)),
              first.indirect() || second.indirect(),
              episode));
    }

    private Optional<WorldTask> sameToolTwice() {
      List<OfferedTool> candidates =
          tools.usable().stream().filter(tool -> variable(tool).isPresent()).toList();
      if (candidates.isEmpty()) {
        return Optional.empty();
      }
      OfferedTool tool = draws.pick(candidates);
      Argument varied = variable(tool).orElseThrow();
      Phrase phrase = draws.pick(tool.tool().asks());
      Map<String, Object> first = new LinkedHashMap<>();
      first.putAll(Asked.values(tool.tool(), Map.of(), draws));
      Map<String, Object> second = new LinkedHashMap<>(first);
      Object other = varied.kind().draw(draws);
      if (other.equals(first.get(varied.name()))) {
        return Optional.empty();
      }
      second.put(varied.name(), other);
      Request request = Joining.coordinated(tool.tool(), phrase, varied, first, other, draws);
      if (request.isClosed()) {
        return Optional.empty();
      }
      Episode episode = new Episode(simulation(Map.of()), draws);
      perform(PlanWords.firstOf("two"), tool, first, episode);
      perform(PlanWords.nextOf("Second", "two"), tool, second, episode);
      return Optional.of(task(finished(request, usesDate(tool, first)), false, episode));
    }

    /** What may differ: among the values that plans name, and not what is one of two or three. */
    private static Optional<Argument> variable(OfferedTool tool) {
      return tool.tool().required().stream()
          .limit(2)
          .filter(argument -> argument.kind().isOpen() && argument.kind() != WorldKind.TEXT)
          .findFirst();
    }

    private List<Link> links(boolean byReference) {
      List<Link> links = new ArrayList<>();
      for (OfferedTool from : tools.usable()) {
        for (OfferedTool to : tools.usable()) {
          if (from == to) {
            continue;
          }
          for (Argument argument : to.tool().required()) {
            from.tool().results().stream()
                .filter(result -> !result.several())
                .filter(result -> result.kind().id().equals(argument.kind().id()))
                .filter(result -> byReference ? refers(from, result) : isEntity(result.kind()))
                .forEach(result -> links.add(new Link(from, result, to, argument)));
          }
        }
      }
      return links;
    }

    private static boolean refers(OfferedTool tool, Result result) {
      return tool.tool().references().stream().anyMatch(ref -> ref.result().equals(result));
    }

    private static boolean isEntity(Kind kind) {
      return kind instanceof Kind.Code code && code.isEntity();
    }

    /** Identifiers twice: they are what chains are mostly about. */
    private Optional<Link> link(boolean byReference) {
      List<Link> links = links(byReference);
      if (links.isEmpty()) {
        return Optional.empty();
      }
      Link link = draws.pick(links);
      return Optional.of(isEntity(link.argument().kind()) ? link : draws.pick(links));
    }

    private Optional<Phrase> phraseFor(OfferedTool tool, String slot) {
      List<Phrase> phrases =
          new ArrayList<>(
              tool.tool().asks().stream().filter(ask -> ask.takesReference(slot)).toList());
      return phrases.isEmpty() ? Optional.empty() : Optional.of(draws.pick(phrases));
    }

    private Reference reference(Link link) {
      return draws.pick(
          link.from().tool().references().stream()
              .filter(ref -> ref.result().equals(link.result()))
              .toList());
    }

    /** "Put the delivery date of order A-4711 into my calendar." */
    private Optional<WorldTask> byReference(Map<Integer, Fault> faults) {
      return link(true)
          .flatMap(
              link ->
                  phraseFor(link.to(), link.argument().name())
                      .map(
                          phrase -> {
                            Asked inner =
                                Asked.of(
                                    link.from(), reference(link).phrase(), false, Map.of(), draws);
                            Map<String, Object> given = required(inner);
                            Request words =
                                Asked.fill(
                                    link.from().tool(),
                                    reference(link).phrase(),
                                    given,
                                    Map.of(),
                                    draws);
                            Asked outer =
                                Asked.of(
                                    link.to(),
                                    phrase,
                                    false,
                                    Map.of(link.argument().name(), words),
                                    draws);
                            Episode episode = new Episode(simulation(meant(faults, link)), draws);
                            follow("", link, given, outer, episode, false);
                            return task(
                                finished(
                                    outer.request(),
                                    usesDate(outer) || usesDate(link.from(), given)),
                                false,
                                episode);
                          }));
    }

    /** Faults whose words depend on the tool. */
    private Map<Integer, Fault> meant(Map<Integer, Fault> faults, Link link) {
      Map<Integer, Fault> meant = new LinkedHashMap<>();
      faults.forEach(
          (call, fault) -> {
            OfferedTool tool = call == 0 ? link.from() : link.to();
            meant.put(call, fault.temporary() ? temporary(tool) : missing(tool));
          });
      return meant;
    }

    private static Map<String, Object> required(Asked asked) {
      Map<String, Object> given = new LinkedHashMap<>();
      asked
          .tool()
          .tool()
          .required()
          .forEach(
              argument -> {
                Object value = asked.arguments().get(argument.name());
                if (value != null) {
                  given.put(argument.name(), value);
                }
              });
      return given;
    }

    /** The first call of a chain and the one that takes its result. */
    private void follow(
        String opening,
        Link link,
        Map<String, Object> given,
        Asked outer,
        Episode episode,
        boolean bothAsked) {
      String name = link.result().name();
      String first = (opening + " " + PlanWords.firstGet(name)).strip();
      episode
          .call(first, link.from(), given)
          .ifPresent(
              results -> {
                Object value = results.get(name);
                if (bothAsked) {
                  episode.say(link.from(), given, results);
                }
                Map<String, Object> arguments = new LinkedHashMap<>(outer.arguments());
                arguments.put(link.argument().name(), value);
                perform(PlanWords.known(name, value), link.to(), arguments, episode);
              });
    }

    /** "Find the last order of Anna Novak, then cancel it." */
    private Optional<WorldTask> byPronoun(Map<Integer, Fault> faults) {
      return link(false)
          .flatMap(
              link ->
                  phraseFor(link.to(), link.argument().name())
                      .filter(phrase -> phrase.takesPronoun(link.argument().name()))
                      .filter(phrase -> !phrase.isQuestion())
                      .flatMap(phrase -> pronoun(link, phrase, faults)));
    }

    private Optional<WorldTask> pronoun(Link link, Phrase phrase, Map<Integer, Fault> faults) {
      Asked first =
          Asked.of(link.from(), draws.pick(link.from().tool().asks()), false, Map.of(), draws);
      if (first.request().isClosed()) {
        return Optional.empty();
      }
      Asked second =
          Asked.of(
              link.to(),
              phrase,
              false,
              Map.of(link.argument().name(), again(link.argument().kind())),
              draws);
      Episode episode = new Episode(simulation(meant(faults, link)), draws);
      follow("", link, first.arguments(), second, episode, true);
      return Optional.of(
          task(
              finished(
                  Joining.dependent(first.request(), second.request(), draws),
                  usesDate(first) || usesDate(second)),
              false,
              episode));
    }

    private Request again(Kind entity) {
      return new Request()
          .words(entity instanceof Kind.Code code ? draws.pick(code.again()) : "it");
    }

    /** Three calls, each of which takes what the one before gives. */
    private Optional<WorldTask> chain() {
      List<Link> links = links(true);
      List<List<Link>> chains = new ArrayList<>();
      for (Link first : links) {
        for (Link second : links) {
          if (first.to() == second.from() && second.to() != first.from()) {
            chains.add(List.of(first, second));
          }
        }
      }
      if (chains.isEmpty()) {
        return independentAndDependent();
      }
      List<Link> chain = draws.pick(chains);
      Link first = chain.get(0);
      Link second = chain.get(1);
      Optional<Phrase> last = phraseFor(second.to(), second.argument().name());
      Reference middle = reference(second);
      if (last.isEmpty() || !middle.phrase().takesReference(first.argument().name())) {
        return Optional.empty();
      }
      Phrase innermost = reference(first).phrase();
      Map<String, Object> given =
          required(Asked.of(first.from(), innermost, false, Map.of(), draws));
      Request inner = Asked.fill(first.from().tool(), innermost, given, Map.of(), draws);
      Asked between =
          Asked.of(
              first.to(), middle.phrase(), false, Map.of(first.argument().name(), inner), draws);
      Map<String, Object> betweenGiven = required(between);
      Request words =
          Asked.fill(
              first.to().tool(),
              middle.phrase(),
              betweenGiven,
              Map.of(first.argument().name(), inner),
              draws);
      Asked outer =
          Asked.of(second.to(), last.get(), false, Map.of(second.argument().name(), words), draws);
      Episode episode = new Episode(simulation(Map.of()), draws);
      String firstName = first.result().name();
      String secondName = second.result().name();
      Object a =
          episode
              .call(PlanWords.firstGet(firstName), first.from(), given)
              .orElseThrow()
              .get(firstName);
      betweenGiven.put(first.argument().name(), a);
      Object b =
          episode
              .call(
                  PlanWords.known(firstName, a) + " " + PlanWords.thenGet(secondName),
                  first.to(),
                  betweenGiven)
              .orElseThrow()
              .get(secondName);
      Map<String, Object> arguments = new LinkedHashMap<>(outer.arguments());
      arguments.put(second.argument().name(), b);
      perform(PlanWords.known(secondName, b), second.to(), arguments, episode);
      boolean dated = usesDate(first.from(), given) || usesDate(between) || usesDate(outer);
      return Optional.of(task(finished(outer.request(), dated), false, episode));
    }

    private Optional<WorldTask> independentAndDependent() {
      Optional<Link> chosen = link(true);
      if (chosen.isEmpty()) {
        return Optional.empty();
      }
      Link link = chosen.get();
      List<OfferedTool> others =
          tools.usable().stream().filter(t -> t != link.from() && t != link.to()).toList();
      Optional<Phrase> phrase = phraseFor(link.to(), link.argument().name());
      if (others.isEmpty() || phrase.isEmpty()) {
        return Optional.empty();
      }
      Asked alone = Asked.draw(draws.pick(others), draws);
      if (alone.request().isClosed()) {
        return Optional.empty();
      }
      Phrase reference = reference(link).phrase();
      Map<String, Object> given =
          required(Asked.of(link.from(), reference, false, Map.of(), draws));
      Request words = Asked.fill(link.from().tool(), reference, given, Map.of(), draws);
      Asked outer =
          Asked.of(link.to(), phrase.get(), false, Map.of(link.argument().name(), words), draws);
      Episode episode = new Episode(simulation(Map.of()), draws);
      perform(PlanWords.firstOf("two"), alone.tool(), alone.arguments(), episode);
      follow(PlanWords.nextOf("Second", "two"), link, given, outer, episode, false);
      boolean dated = usesDate(alone) || usesDate(outer) || usesDate(link.from(), given);
      Request both = Joining.independent(alone.request(), outer.request(), draws);
      return Optional.of(task(finished(both, dated), alone.indirect(), episode));
    }

    private WorldTask noTool() {
      String[] line = draws.line("small-talk").split("\\s+\\|\\s+", 2);
      Request request = new Request().words(line[0]);
      return new WorldTask(
          "",
          kind,
          List.of(),
          Optional.empty(),
          false,
          Optional.empty(),
          draws.chance(0.15) ? request.plain().toLowerCase(java.util.Locale.ROOT) : request.plain(),
          List.of(),
          PlanWords.NO_TOOL_NEEDED,
          Optional.of(line[1]));
    }

    /** The same for another value, or something else with what was just spoken of. */
    private Optional<WorldTask> followUp() {
      Optional<OfferedTool> tool = usable();
      if (tool.isEmpty()) {
        return Optional.empty();
      }
      Asked first = Asked.draw(tool.get(), draws);
      Simulation simulation = simulation(Map.of());
      Episode before = new Episode(simulation, draws);
      perform("", first.tool(), first.arguments(), before);
      WorldTask earlier =
          new WorldTask(
              "",
              WorldTask.Kind.SINGLE,
              before.domains(),
              Optional.empty(),
              first.indirect(),
              Optional.empty(),
              finished(first.request(), false),
              before.steps(),
              before.end(),
              before.answer());
      if (draws.isTodayStated() && usesDate(first)) {
        return Optional.empty(); // The earlier task would have to say what day it is.
      }
      Episode episode = new Episode(simulation, draws);
      Optional<Request> request =
          draws.chance(0.5) ? sameAgain(first, episode) : withThat(first, before, episode);
      return request.map(
          words ->
              new WorldTask(
                  "",
                  kind,
                  episode.domains(),
                  Optional.empty(),
                  false,
                  Optional.of(earlier),
                  words.finished(draws, new RequestWords(draws, "")),
                  episode.steps(),
                  episode.end(),
                  episode.answer()));
    }

    private Optional<Request> sameAgain(Asked first, Episode episode) {
      return variable(first.tool())
          .filter(varied -> first.tool().tool().required().size() == 1)
          .filter(varied -> varied.kind() != WorldKind.DATE)
          .flatMap(
              varied -> {
                Object other = varied.kind().draw(draws);
                if (other.equals(first.arguments().get(varied.name()))) {
                  return Optional.empty();
                }
                Map<String, Object> arguments = new LinkedHashMap<>(first.arguments());
                arguments.put(varied.name(), other);
                perform("", first.tool(), arguments, episode);
                return Optional.of(Joining.again(varied.kind(), other, draws));
              });
    }

    private Optional<Request> withThat(Asked first, Episode before, Episode episode) {
      List<Link> links = new ArrayList<>();
      for (OfferedTool to : tools.usable()) {
        for (Argument argument : to.tool().required()) {
          for (Argument given : first.tool().tool().required()) {
            if (to != first.tool()
                && isEntity(given.kind())
                && given.kind().id().equals(argument.kind().id())) {
              links.add(
                  new Link(
                      first.tool(), new Result(given.name(), given.kind(), false), to, argument));
            }
          }
        }
      }
      if (links.isEmpty() || before.steps().isEmpty()) {
        return Optional.empty();
      }
      Link link = draws.pick(links);
      return phraseFor(link.to(), link.argument().name())
          .filter(phrase -> phrase.takesPronoun(link.argument().name()))
          .map(
              phrase -> {
                Asked second =
                    Asked.of(
                        link.to(),
                        phrase,
                        false,
                        Map.of(link.argument().name(), again(link.argument().kind())),
                        draws);
                Map<String, Object> arguments = new LinkedHashMap<>(second.arguments());
                Object subject = first.arguments().get(link.result().name());
                if (subject != null) {
                  arguments.put(link.argument().name(), subject);
                }
                perform("", link.to(), arguments, episode);
                return second.request();
              });
    }

    private static boolean usesDate(Asked asked) {
      return usesDate(asked.tool(), asked.arguments());
    }

    private static boolean usesDate(OfferedTool tool, Map<String, Object> arguments) {
      return tool.tool().arguments().stream()
          .anyMatch(a -> a.kind() == WorldKind.DATE && arguments.containsKey(a.name()));
    }

    private boolean stated;

    /** The task as it is written, with what day it is where the task needs that. */
    private String finished(Request request, boolean usesDate) {
      stated = draws.isTodayStated() && usesDate || draws.chance(TODAY_FOR_NOTHING);
      return request.finished(draws, new RequestWords(draws, stated ? Dates.stated(draws) : ""));
    }

    private WorldTask task(String text, boolean indirect, Episode episode) {
      Decision end = episode.end();
      return new WorldTask(
          "",
          kind,
          episode.domains(),
          stated ? Optional.of(draws.today()) : Optional.empty(),
          indirect,
          Optional.empty(),
          text,
          episode.steps(),
          end,
          episode.answer());
    }
  }
}
