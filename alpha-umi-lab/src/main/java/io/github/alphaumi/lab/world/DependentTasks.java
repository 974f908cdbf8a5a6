package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.Links.Link;
import io.github.alphaumi.lab.world.Simulation.Fault;
import io.github.alphaumi.lab.world.WorldTool.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks in which a call needs what another one gives. The request never has that value itself: it
 * has a name or a description where the tool wants an identifier, or speaks of "it".
 */
final class DependentTasks {
  private final TaskDraft draft;
  private final Draws draws;
  private final Links links;

  DependentTasks(TaskDraft draft) {
    this.draft = draft;
    draws = draft.draws();
    links = new Links(draft.tools());
  }

  Optional<WorldTask> dependent() {
    return any(Map.of());
  }

  Optional<WorldTask> retry() {
    return any(Map.of(draws.below(2), new Fault("", true)));
  }

  Optional<WorldTask> notFound() {
    return byReference(Map.of(0, new Fault("", false)));
  }

  private Optional<WorldTask> any(Map<Integer, Fault> faults) {
    int way = draws.below(10);
    return way < 5 ? byReference(faults) : way < 7 ? aboutThat(faults) : byPronoun(faults);
  }

  /** Mostly of identifiers and within a domain, as in life. */
  private Optional<Link> referable() {
    List<Link> all = links.referable();
    List<Link> entities = all.stream().filter(Link::isEntity).toList();
    List<Link> within = all.stream().filter(Link::isWithinDomain).toList();
    double way = draws.below(100) / 100.0;
    List<Link> chosen =
        way < 0.74 && !entities.isEmpty()
            ? entities
            : way < 0.9 && !within.isEmpty() ? within : all;
    return chosen.isEmpty() ? Optional.empty() : Optional.of(draws.pick(chosen));
  }

  private Optional<Phrase> phraseFor(Link link) {
    List<Phrase> phrases =
        link.to().tool().asks().stream()
            .filter(ask -> ask.takesReference(link.argument().name()))
            .toList();
    return phrases.isEmpty() ? Optional.empty() : Optional.of(draws.pick(phrases));
  }

  private Reference reference(Link link) {
    return draws.pick(
        link.from().tool().references().stream()
            .filter(ref -> ref.result().equals(link.result()))
            .toList());
  }

  private Asked referring(Link link) {
    Phrase phrase = reference(link).phrase();
    Map<String, Object> given = Asked.values(link.from().tool(), Map.of(), draws);
    Request words = Asked.fill(link.from().tool(), phrase, given, Map.of(), draws);
    return new Asked(link.from(), given, words, false, Optional.empty(), "");
  }

  private Asked taking(Link link, Phrase phrase, Request words) {
    return Asked.of(link.to(), phrase, false, Map.of(link.argument().name(), words), draws);
  }

  private Request again(Link link) {
    return new Request()
        .words(link.argument().kind() instanceof Kind.Code code ? draws.pick(code.again()) : "it");
  }

  /** "Cancel the next appointment of Anna Novak." */
  private Optional<WorldTask> byReference(Map<Integer, Fault> faults) {
    Optional<Link> chosen = referable();
    Optional<Phrase> phrase = chosen.flatMap(this::phraseFor);
    if (chosen.isEmpty() || phrase.isEmpty()) {
      return Optional.empty();
    }
    Link link = chosen.get();
    Asked inner = referring(link);
    Asked outer = taking(link, phrase.get(), inner.request());
    return written(link, inner, outer, outer.request(), faults, false);
  }

  /** "It's about Anna Novak's next appointment: cancel it." */
  private Optional<WorldTask> aboutThat(Map<Integer, Fault> faults) {
    List<Link> all = links.referable().stream().filter(Link::isEntity).toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Link link = draws.pick(all);
    Optional<Phrase> phrase =
        phraseFor(link).filter(ask -> ask.takesPronoun(link.argument().name()));
    if (phrase.isEmpty()) {
      return Optional.empty();
    }
    Asked inner = referring(link);
    Asked outer = taking(link, phrase.get(), again(link));
    Request request = Joining.about(inner.request(), outer.request(), draws);
    return inner.request().isClosed()
        ? Optional.empty()
        : written(link, inner, outer, request, faults, false);
  }

  /** "Find the last order of Anna Novak, then cancel it." */
  private Optional<WorldTask> byPronoun(Map<Integer, Fault> faults) {
    List<Link> all = links.entities();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Link link = draws.pick(all);
    Optional<Phrase> phrase =
        phraseFor(link)
            .filter(ask -> ask.takesPronoun(link.argument().name()))
            .filter(ask -> !ask.isQuestion());
    if (phrase.isEmpty()) {
      return Optional.empty();
    }
    Asked first =
        Asked.of(link.from(), draws.pick(link.from().tool().asks()), false, Map.of(), draws);
    if (first.request().isClosed()) {
      return Optional.empty();
    }
    Asked second = taking(link, phrase.get(), again(link));
    Request request = Joining.dependent(first.request(), second.request(), draws);
    return written(link, first, second, request, faults, true);
  }

  private Optional<WorldTask> written(
      Link link,
      Asked first,
      Asked second,
      Request request,
      Map<Integer, Fault> faults,
      boolean bothAsked) {
    Episode episode = draft.episode(meant(faults, link));
    Optional<Object> handed = follow("", link, first, second, episode, bothAsked);
    boolean dated = TaskDraft.usesDate(first) || TaskDraft.usesDate(second);
    return Optional.of(draft.task(request, dated, false, episode))
        .filter(task -> handed.isEmpty() || isLookedUp(handed.get(), task));
  }

  /** Whether the value has to be looked up: the request does not have it. */
  private static boolean isLookedUp(Object value, WorldTask task) {
    return !task.task().contains(Answers.spoken(value));
  }

  /** Faults whose words depend on the tool. */
  private Map<Integer, Fault> meant(Map<Integer, Fault> faults, Link link) {
    Map<Integer, Fault> meant = new LinkedHashMap<>();
    faults.forEach(
        (call, fault) -> {
          OfferedTool tool = call == 0 ? link.from() : link.to();
          meant.put(call, fault.temporary() ? draft.temporary(tool) : draft.missing(tool));
        });
    return meant;
  }

  /**
   * The first call of a chain and the one that takes its result.
   *
   * @return what is handed on; empty if the first call gave nothing
   */
  private Optional<Object> follow(
      String opening, Link link, Asked first, Asked second, Episode episode, boolean bothAsked) {
    String plan = (opening + " " + PlanWords.firstGet(link.spoken())).strip();
    Optional<Map<String, Object>> results = episode.call(plan, link.from(), first.arguments());
    if (results.isEmpty()) {
      return Optional.empty();
    }
    Object value = results.get().getOrDefault(link.result().name(), "");
    if (bothAsked) {
      episode.say(link.from(), first.arguments(), results.get());
    } else if (draws.chance(0.5)) {
      episode.sayBetween(link.spoken(), value);
    }
    Map<String, Object> arguments = new LinkedHashMap<>(second.arguments());
    arguments.put(link.argument().name(), value);
    TaskDraft.perform(PlanWords.known(link.spoken(), value), link.to(), arguments, episode);
    return Optional.of(value);
  }

  /** Three calls, each of which takes what the one before gives. */
  Optional<WorldTask> chain() {
    List<Link> all = links.referable();
    List<List<Link>> chains = new ArrayList<>();
    for (Link first : all) {
      for (Link second : all) {
        boolean identifiers = first.isEntity() || second.isEntity();
        if (first.to() == second.from() && second.to() != first.from() && identifiers) {
          chains.add(List.of(first, second));
        }
      }
    }
    if (chains.isEmpty()) {
      return afterAnother();
    }
    List<Link> chain = draws.pick(chains);
    Link first = chain.get(0);
    Link second = chain.get(1);
    Optional<Phrase> last = phraseFor(second);
    Phrase middle = reference(second).phrase();
    if (last.isEmpty() || !middle.takesReference(first.argument().name())) {
      return Optional.empty();
    }
    Asked inner = referring(first);
    Map<String, Request> words = Map.of(first.argument().name(), inner.request());
    Map<String, Object> given = Asked.values(first.to().tool(), words, draws);
    Request between = Asked.fill(first.to().tool(), middle, given, words, draws);
    Asked outer = taking(second, last.get(), between);
    Episode episode = draft.episode(Map.of());
    Object a =
        episode
            .call(PlanWords.firstGet(first.spoken()), first.from(), inner.arguments())
            .orElseThrow()
            .getOrDefault(first.result().name(), "");
    given.put(first.argument().name(), a);
    String plan = PlanWords.known(first.spoken(), a) + " " + PlanWords.thenGet(second.spoken());
    Object b =
        episode
            .call(plan, first.to(), given)
            .orElseThrow()
            .getOrDefault(second.result().name(), "");
    Map<String, Object> arguments = new LinkedHashMap<>(outer.arguments());
    arguments.put(second.argument().name(), b);
    TaskDraft.perform(PlanWords.known(second.spoken(), b), second.to(), arguments, episode);
    boolean dated =
        TaskDraft.usesDate(inner)
            || TaskDraft.usesDate(first.to(), given)
            || TaskDraft.usesDate(outer);
    return Optional.of(draft.task(outer.request(), dated, false, episode))
        .filter(task -> isLookedUp(a, task) && isLookedUp(b, task));
  }

  /** A call by itself, then a chain of two. */
  Optional<WorldTask> afterAnother() {
    Optional<Link> chosen = referable();
    Optional<Phrase> phrase = chosen.flatMap(this::phraseFor);
    if (chosen.isEmpty() || phrase.isEmpty()) {
      return Optional.empty();
    }
    Link link = chosen.get();
    List<OfferedTool> others =
        draft.tools().stream().filter(t -> t != link.from() && t != link.to()).toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    Asked alone = Asked.draw(draws.pick(others), draws);
    if (alone.request().isClosed()) {
      return Optional.empty();
    }
    Asked inner = referring(link);
    Asked outer = taking(link, phrase.get(), inner.request());
    Episode episode = draft.episode(Map.of());
    TaskDraft.perform(PlanWords.nthOf("First", "two"), alone, episode);
    Optional<Object> handed =
        follow(PlanWords.nthOf("Second", "two"), link, inner, outer, episode, false);
    boolean dated =
        TaskDraft.usesDate(alone) || TaskDraft.usesDate(outer) || TaskDraft.usesDate(inner);
    Request both = Joining.independent(alone.request(), outer.request(), draws);
    return Optional.of(draft.task(both, dated, alone.indirect(), episode))
        .filter(task -> handed.isEmpty() || isLookedUp(handed.get(), task));
  }
}
