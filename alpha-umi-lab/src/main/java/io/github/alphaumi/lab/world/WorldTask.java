package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Decision;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A task with everything that was done for it. Immutable.
 *
 * @param kind what is special about it
 * @param domains whose tools are called, or would be
 * @param today what day it is, where the task says so
 * @param indirect whether the task does not name what a tool does
 * @param described whether it, or one of its parts, is in the words of a tool's description
 * @param earlier the task that this one follows in the same conversation
 * @param end the decision that ended it
 * @param answer empty where the end is giving up
 */
public record WorldTask(
    String id,
    Kind kind,
    List<String> domains,
    Optional<LocalDate> today,
    boolean indirect,
    boolean described,
    Optional<WorldTask> earlier,
    String task,
    List<WorldStep> steps,
    Decision end,
    Optional<String> answer) {

  /** What is special about a task. */
  public enum Kind {
    /** One call. */
    SINGLE("single"),
    /** Two calls that have nothing to do with each other. */
    TWO("two"),
    /** The same tool for two values. */
    SAME_TOOL_TWICE("same tool twice"),
    /** A call needs what another one gives. */
    DEPENDENT("dependent"),
    /** Three calls, at least two of which depend on each other where the tools allow it. */
    THREE("three"),
    /** A call meets a temporary error and is made again. */
    RETRY("retry"),
    /** What is asked for is not there. */
    NOT_FOUND("not found"),
    /** A tool is out of service, and another one does the same. */
    ALTERNATIVE("alternative"),
    /** A call fails twice. */
    FAILED_TWICE("failed twice"),
    /** No offered tool does it; in the set before, one does. */
    IMPOSSIBLE("impossible"),
    /** It needs no tool. */
    NO_TOOL("no tool"),
    /** It speaks of the task before it. */
    FOLLOW_UP("follow-up");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** The tools that are called, in the order of their calls, each once. */
  public List<String> calledTools() {
    return Stream.concat(
            earlier.stream().flatMap(before -> before.steps().stream()), steps.stream())
        .map(step -> step.call().name())
        .distinct()
        .collect(Collectors.toUnmodifiableList());
  }

  WorldTask withId(String newId) {
    return new WorldTask(
        newId, kind, domains, today, indirect, described, earlier, task, steps, end, answer);
  }
}
