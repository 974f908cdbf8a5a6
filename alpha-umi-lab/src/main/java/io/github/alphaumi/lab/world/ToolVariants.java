package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What one set of tools makes of the kinds of a tool: some tell the few values that they take, some
 * of those as the constants of a program ({@code NEXT_DAY}), and some take a list.
 */
final class ToolVariants {
  private static final double TOLD = 0.45;
  private static final double FEW = 0.2;
  private static final double CONSTANTS = 0.4;
  private static final double LIST = 0.12;
  private static final int SHORT_LIST = 8;
  private static final Set<Kind> NAMED =
      Set.of(
          WorldKind.COUNTRY,
          WorldKind.CITY,
          WorldKind.LANGUAGE,
          WorldKind.CURRENCY,
          WorldKind.COLOUR);
  private static final Set<Kind> LISTED =
      Set.of(WorldKind.PERSON, WorldKind.FIRST_NAME, WorldKind.CITY, WorldKind.TOPIC);

  private final Draws draws;

  ToolVariants(Draws draws) {
    this.draws = draws;
  }

  WorldTool of(WorldTool tool) {
    Map<String, Kind> changed = new HashMap<>();
    for (Argument argument : tool.arguments()) {
      Kind kind = argument.kind();
      Kind other = kind instanceof Kind.OneOf list ? told(list) : few(kind);
      if (!other.equals(kind)) {
        changed.put(kind.id(), other);
      }
    }
    WorldTool told = tool.withKinds(kind -> changed.getOrDefault(kind.id(), kind));
    return withList(told);
  }

  private Kind told(Kind.OneOf list) {
    Kind.OneOf told = list;
    if (!list.closed() && list.values().size() > SHORT_LIST) {
      if (!draws.chance(FEW)) {
        return list;
      }
      List<String> few = draws.shuffled(list.values()).subList(0, draws.between(4, 7));
      told = new Kind.OneOf(list.id() + " of few", List.copyOf(few), list.otherWords(), true);
    } else if (!list.closed()) {
      if (!draws.chance(TOLD)) {
        return list;
      }
      told = new Kind.OneOf(list.id(), list.values(), list.otherWords(), true);
    }
    return draws.chance(CONSTANTS) ? constants(told) : told;
  }

  /** Some of the world's values, of which one country or language is told apart. */
  private Kind few(Kind kind) {
    if (!NAMED.contains(kind) || !draws.chance(FEW)) {
      return kind;
    }
    Map<String, String> words = new LinkedHashMap<>();
    int wanted = draws.between(4, 7);
    for (int i = 0; i < 20 && words.size() < wanted; i++) {
      String value = String.valueOf(kind.draw(draws));
      words.put(value, kind == WorldKind.CURRENCY ? WorldKind.currencyWords(value, draws) : value);
    }
    Kind.OneOf few =
        new Kind.OneOf(kind.id() + " of few", List.copyOf(words.keySet()), words, true);
    return kind != WorldKind.CURRENCY && draws.chance(0.5) ? constants(few) : few;
  }

  private static Kind.OneOf constants(Kind.OneOf list) {
    Map<String, String> words = new LinkedHashMap<>();
    for (String value : list.values()) {
      String constant =
          value
              .toUpperCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}]+", "_")
              .replaceAll("^_|_$", "");
      if (!constant.matches("[A-Z][A-Z0-9_]+")
          || words.put(constant, list.otherWords().getOrDefault(value, value)) != null) {
        return list; // Not every name makes a constant, and no two may make the same.
      }
    }
    return new Kind.OneOf(
        list.id() + " as constants", List.copyOf(words.keySet()), Map.copyOf(words), true);
  }

  /** A tool that does something may do it to several at once. */
  private WorldTool withList(WorldTool tool) {
    if (tool.effect() == Effect.READ_ONLY || !draws.chance(LIST)) {
      return tool;
    }
    for (Argument argument : tool.required()) {
      Kind kind = argument.kind();
      if (LISTED.contains(kind) || kind instanceof Kind.Code code && code.isEntity()) {
        return tool.withArgument(
            new Argument(argument.name(), new Kind.Several(kind), true, List.of()));
      }
    }
    return tool;
  }
}
