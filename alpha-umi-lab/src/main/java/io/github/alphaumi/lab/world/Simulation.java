package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tools that run. What they give follows from the seed, the tool and its arguments; what was set or
 * created is found again by later calls of the same simulation.
 */
final class Simulation {
  /** Pairs of words of which the first names the smaller of two results. */
  private static final List<List<String>> ORDERED =
      List.of(
          List.of("low", "high"),
          List.of("lowest", "highest"),
          List.of("from", "to"),
          List.of("from", "until"),
          List.of("start", "end"),
          List.of("opens", "closes"),
          List.of("opening", "closing"),
          List.of("min", "max"),
          List.of("departure", "arrival"),
          List.of("minimum", "maximum"),
          List.of("begin", "end"),
          List.of("first", "last"));

  private final String seed;
  private final Draws day;
  private final Map<Integer, Fault> faults;
  private final Map<String, Object> facts = new HashMap<>();
  private int calls;

  /**
   * What a call meets in place of a result.
   *
   * @param temporary whether the same call may work later
   */
  record Fault(String text, boolean temporary) {}

  /**
   * @param day what day it is
   * @param faults by the number of the call, from 0
   */
  Simulation(String seed, Draws day, Map<Integer, Fault> faults) {
    this.seed = seed;
    this.day = day;
    this.faults = Map.copyOf(faults);
  }

  /**
   * What came back.
   *
   * @param results by the file's names; empty where there is a fault
   */
  record Outcome(Map<String, Object> results, String observation, @Nullable Fault fault) {
    boolean failed() {
      return fault != null;
    }

    boolean temporary() {
      return fault != null && fault.temporary();
    }

    String error() {
      return fault == null ? "" : fault.text();
    }
  }

  Outcome call(OfferedTool offered, Map<String, Object> arguments) {
    Fault fault = faults.get(calls++);
    if (fault != null) {
      return new Outcome(Map.of(), PythonJson.write(offered.layout().error(fault.text())), fault);
    }
    WorldTool tool = offered.tool();
    String key = tool.domain() + "/" + tool.name() + new TreeMap<>(arguments);
    Draws draws = day.reseeded(seed + key);
    Map<String, Object> results = new LinkedHashMap<>();
    for (Result result : tool.results()) {
      results.put(result.name(), result(tool, result, arguments, draws));
    }
    match(tool, arguments, results, draws);
    order(results);
    remember(tool, arguments, results);
    return new Outcome(results, PythonJson.write(offered.observation(results, draws)), null);
  }

  private Object result(WorldTool tool, Result result, Map<String, Object> arguments, Draws draws) {
    if (result.several()) {
      Set<Object> several = new LinkedHashSet<>();
      int wanted = draws.between(2, 4);
      for (int i = 0; i < 10 && several.size() < wanted; i++) {
        several.add(result.kind().draw(draws));
      }
      return new ArrayList<>(several);
    }
    Object drawn = result.kind().draw(draws);
    for (Argument argument : tool.arguments()) {
      Object given = arguments.get(argument.name());
      if (given == null) {
        continue;
      }
      if (argument.name().equals(result.name())
          && argument.kind().id().equals(result.kind().id())) {
        return given;
      }
      Object known = facts.get(fact(argument, given, result.name(), result.kind()));
      if (known != null) {
        return known;
      }
    }
    return drawn;
  }

  /** An address that comes with a person is that person's. */
  private static void match(
      WorldTool tool, Map<String, Object> arguments, Map<String, Object> results, Draws draws) {
    String person = "";
    for (Argument argument : tool.arguments()) {
      if (argument.kind() == WorldKind.PERSON && arguments.containsKey(argument.name())) {
        person = String.valueOf(arguments.get(argument.name()));
      }
    }
    for (Result result : tool.results()) {
      if (result.kind() == WorldKind.PERSON && !result.several()) {
        person = String.valueOf(results.get(result.name()));
      }
    }
    for (Result result : tool.results()) {
      if (result.kind() == WorldKind.EMAIL && !result.several() && !person.isEmpty()) {
        results.put(result.name(), Emails.belongingTo(person, draws));
      }
    }
  }

  /** What a call says of the things it names stays true. */
  private void remember(
      WorldTool tool, Map<String, Object> arguments, Map<String, Object> results) {
    for (Argument about : tool.arguments()) {
      Object subject = arguments.get(about.name());
      if (subject == null || !about.kind().isOpen()) {
        continue;
      }
      for (Argument other : tool.arguments()) {
        Object value = arguments.get(other.name());
        if (value != null && other != about) {
          facts.put(fact(about, subject, other.name(), other.kind()), value);
        }
      }
      for (Result result : tool.results()) {
        if (!result.several() && single(tool)) {
          facts.put(fact(about, subject, result.name(), result.kind()), results.get(result.name()));
        }
      }
    }
  }

  /** With several arguments a result is not of each of them alone. */
  private static boolean single(WorldTool tool) {
    return tool.required().size() == 1;
  }

  private static String fact(Argument about, Object subject, String member, Kind kind) {
    return about.kind().id() + "=" + subject + " " + member + ":" + kind.id();
  }

  private static void order(Map<String, Object> results) {
    for (List<String> pair : ORDERED) {
      String low = named(results, pair.get(0));
      String high = named(results, pair.get(1));
      if (low.isEmpty() || high.isEmpty()) {
        continue;
      }
      Object first = results.get(low);
      Object second = results.get(high);
      if (isGreater(first, second)) {
        results.put(low, second);
        results.put(high, first);
      }
    }
  }

  private static String named(Map<String, Object> results, String word) {
    return results.keySet().stream()
        .filter(name -> List.of(name.split(" ")).contains(word))
        .findFirst()
        .orElse("");
  }

  private static boolean isGreater(Object first, Object second) {
    if (first instanceof Number a && second instanceof Number b) {
      return a.doubleValue() > b.doubleValue();
    }
    // Times and dates compare as they are written; other texts have no order.
    return first instanceof String a
        && second instanceof String b
        && a.matches("\\d\\d:\\d\\d|\\d{4}-\\d\\d-\\d\\d")
        && b.matches("\\d\\d:\\d\\d|\\d{4}-\\d\\d-\\d\\d")
        && a.compareTo(b) > 0;
  }
}
