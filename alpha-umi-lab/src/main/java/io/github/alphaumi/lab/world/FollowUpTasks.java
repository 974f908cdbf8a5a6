package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Second tasks of a conversation: "and B-1001?", "cancel it then". */
final class FollowUpTasks {
  private final TaskDraft draft;
  private final Draws draws;

  FollowUpTasks(TaskDraft draft) {
    this.draft = draft;
    draws = draft.draws();
  }

  /** What was spoken of, and a tool that takes it. */
  private record Subject(Object value, OfferedTool tool, Argument argument) {}

  /** The same for another value, or something else with what was just spoken of. */
  Optional<WorldTask> followUp() {
    Optional<OfferedTool> tool = draft.anyTool();
    if (tool.isEmpty()) {
      return Optional.empty();
    }
    Asked first = Asked.draw(tool.get(), draws);
    if (draws.isTodayStated() && TaskDraft.usesDate(first)) {
      return Optional.empty(); // The earlier task would have to say what day it is.
    }
    Simulation simulation = draft.simulation(Map.of());
    Episode before = new Episode(simulation, draws);
    Optional<Map<String, Object>> results = before.call("", first.tool(), first.arguments());
    if (results.isEmpty()) {
      return Optional.empty();
    }
    before.say(first, results.get());
    Episode episode = new Episode(simulation, draws);
    Optional<Request> request =
        draws.chance(0.4)
            ? sameAgain(first, episode)
            : withThat(subjects(first, results.get()), episode);
    return request.map(words -> written(first, before, words, episode));
  }

  private WorldTask written(Asked first, Episode before, Request words, Episode episode) {
    WorldTask earlier =
        new WorldTask(
            "",
            WorldTask.Kind.SINGLE,
            before.domains(),
            Optional.empty(),
            first.indirect(),
            first.request().isDescribed(),
            Optional.empty(),
            first.request().finished(draws, new RequestWords(draws, "")),
            before.steps(),
            before.end(),
            before.answer());
    return new WorldTask(
        "",
        draft.kind(),
        episode.domains(),
        Optional.empty(),
        false,
        false,
        Optional.of(earlier),
        words.finished(draws, RequestWords.none(draws)),
        episode.steps(),
        episode.end(),
        episode.answer());
  }

  private Optional<Request> sameAgain(Asked first, Episode episode) {
    return TaskDraft.variable(first.tool())
        .filter(varied -> varied.kind() != WorldKind.DATE)
        .filter(
            varied ->
                first.tool().tool().required().stream()
                        .filter(other -> other.kind().getClass() == varied.kind().getClass())
                        .count()
                    == 1)
        .flatMap(
            varied -> {
              Object other = varied.kind().draw(draws);
              if (other.equals(first.arguments().get(varied.name()))) {
                return Optional.empty();
              }
              Map<String, Object> arguments = new LinkedHashMap<>(first.arguments());
              arguments.put(varied.name(), other);
              episode
                  .call("", first.tool(), arguments)
                  .ifPresent(
                      results ->
                          episode.say(
                              new Asked(
                                  first.tool(),
                                  arguments,
                                  first.request(),
                                  false,
                                  Optional.empty(),
                                  ""),
                              results));
              return Optional.of(Joining.again(varied.kind(), other, draws));
            });
  }

  /** Identifiers that the first task gave, or that its result did. */
  private List<Subject> subjects(Asked first, Map<String, Object> results) {
    List<Subject> subjects = new ArrayList<>();
    for (OfferedTool to : draft.tools()) {
      if (to == first.tool()) {
        continue;
      }
      for (Argument argument : to.tool().required()) {
        if (!Links.isEntity(argument.kind())) {
          continue;
        }
        for (Argument given : first.tool().tool().required()) {
          Object value = first.arguments().get(given.name());
          if (value != null && given.kind().id().equals(argument.kind().id())) {
            subjects.add(new Subject(value, to, argument));
          }
        }
        for (Result result : first.tool().tool().results()) {
          Object value = results.get(result.name());
          if (value instanceof String && result.kind().id().equals(argument.kind().id())) {
            subjects.add(new Subject(value, to, argument));
          }
        }
      }
    }
    return subjects;
  }

  private Optional<Request> withThat(List<Subject> subjects, Episode episode) {
    if (subjects.isEmpty()) {
      return Optional.empty();
    }
    Subject subject = draws.pick(subjects);
    String slot = subject.argument().name();
    List<Phrase> phrases =
        subject.tool().tool().asks().stream().filter(ask -> ask.takesPronoun(slot)).toList();
    if (phrases.isEmpty()) {
      return Optional.empty();
    }
    String word =
        subject.argument().kind() instanceof Kind.Code code ? draws.pick(code.again()) : "it";
    Asked second =
        Asked.of(
            subject.tool(),
            draws.pick(phrases),
            false,
            Map.of(slot, new Request().words(word)),
            draws);
    Map<String, Object> arguments = new LinkedHashMap<>(second.arguments());
    arguments.put(slot, subject.value());
    TaskDraft.perform("", subject.tool(), arguments, episode);
    return Optional.of(second.request());
  }
}
