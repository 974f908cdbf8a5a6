package io.github.alphaumi.lab.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one tool lays out what it gives: flat or nested, lists of values or of objects, with members
 * that nobody asked for, and errors in one of the ways that services have. Immutable.
 *
 * @param form where the results stand
 * @param wrapper name of the member around some or all results
 * @param item name of the member that holds each value of a list; empty for plain values
 * @param extras members without meaning for a task: name and, after a tilde, JSON in which {@code
 *     #} and {@code *} are drawn
 * @param extrasFirst whether they stand before the results
 */
record ObservationLayout(
    Form form,
    String wrapper,
    String item,
    List<String> extras,
    boolean extrasFirst,
    Failure failure) {

  /** Where the results stand. */
  enum Form {
    FLAT,
    /** All in one member. */
    WRAPPED,
    /** The last ones in one member. */
    GROUPED,
    /** All in the one object of a list. */
    LISTED
  }

  /** What tells that something went wrong. */
  enum Failure {
    PLAIN,
    WITH_CODE,
    NESTED,
    STATUS,
    SUCCESS
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WRAPPERS =
      List.of("data", "result", "response", "payload", "output", "body", "item");
  private static final List<String> GROUPS = List.of("details", "info", "summary", "more", "meta");
  private static final List<String> LISTS = List.of("results", "items", "entries", "matches");
  private static final double LIST_OF_OBJECTS = 0.3;
  private static final double EXTRAS = 0.3;
  private static final double OTHER_ERROR = 0.35;

  static ObservationLayout draw(WorldTool tool, Draws draws) {
    Form form = form(tool, draws);
    String wrapper =
        switch (form) {
          case FLAT -> "";
          case WRAPPED -> draws.pick(WRAPPERS);
          case GROUPED -> draws.pick(GROUPS);
          case LISTED -> draws.pick(LISTS);
        };
    String item =
        draws.chance(LIST_OF_OBJECTS) ? draws.pick(List.of("name", "value", "id", "label")) : "";
    List<String> extras = new ArrayList<>();
    if (draws.chance(EXTRAS)) {
      int wanted = draws.between(1, 3);
      for (int i = 0; i < wanted; i++) {
        extras.add(draws.line("extra-members"));
      }
    }
    Failure failure =
        draws.chance(OTHER_ERROR) ? draws.pick(List.of(Failure.values())) : Failure.PLAIN;
    return new ObservationLayout(
        form, wrapper, item, List.copyOf(extras), draws.chance(0.3), failure);
  }

  private static Form form(WorldTool tool, Draws draws) {
    if (draws.chance(0.72)) {
      return Form.FLAT;
    }
    boolean lists = tool.results().stream().anyMatch(WorldTool.Result::several);
    if (tool.results().size() > 2 && draws.chance(0.5)) {
      return Form.GROUPED;
    }
    return lists || draws.chance(0.7) ? Form.WRAPPED : Form.LISTED;
  }

  /**
   * @param results by the offered names, in the order of the file
   */
  Map<String, @Nullable Object> results(Map<String, Object> results, Draws draws) {
    Map<String, @Nullable Object> laidOut = new LinkedHashMap<>();
    if (extrasFirst) {
      addExtras(results, laidOut, draws);
    }
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    results.forEach((name, value) -> written.put(name, item(value)));
    switch (form) {
      case FLAT -> laidOut.putAll(written);
      case WRAPPED -> laidOut.put(wrapper, written);
      case LISTED -> laidOut.put(wrapper, List.of(written));
      case GROUPED -> {
        Map<String, @Nullable Object> group = new LinkedHashMap<>();
        String first = written.keySet().iterator().next();
        written.forEach((name, value) -> (name.equals(first) ? laidOut : group).put(name, value));
        laidOut.put(wrapper, group);
      }
    }
    if (!extrasFirst) {
      addExtras(results, laidOut, draws);
    }
    return laidOut;
  }

  private Object item(Object value) {
    return value instanceof List<?> list && !item.isEmpty()
        ? list.stream().map(one -> Map.of(item, one)).toList()
        : value;
  }

  private void addExtras(
      Map<String, Object> results, Map<String, @Nullable Object> laidOut, Draws draws) {
    for (String extra : extras) {
      String[] parts = extra.split("~", 2);
      String name = parts[0].strip();
      if (!results.containsKey(name) && !laidOut.containsKey(name)) {
        laidOut.put(name, read(draws.filled(parts[1].strip())));
      }
    }
  }

  private static @Nullable Object read(String json) {
    try {
      return JSON.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("extra member '" + json + "' is no JSON; mend it", e);
    }
  }

  Map<String, Object> error(String text) {
    Map<String, Object> laidOut = new LinkedHashMap<>();
    switch (failure) {
      case PLAIN -> laidOut.put("error", text);
      case WITH_CODE -> {
        laidOut.put("error", text);
        laidOut.put("code", Math.floorMod(text.hashCode(), 100) + 400);
      }
      case NESTED -> laidOut.put("error", Map.of("message", text));
      case STATUS -> {
        laidOut.put("status", "error");
        laidOut.put("message", text);
      }
      case SUCCESS -> {
        laidOut.put("success", false);
        laidOut.put("reason", text);
      }
    }
    return laidOut;
  }
}
