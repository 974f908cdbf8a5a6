package io.github.alphaumi.lab.world;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kinds and entities of one domain file. */
final class KindReader {
  private static final int LEAST_LISTED = 6;
  private static final Pattern RANGE = Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)");
  private static final Pattern STEPPED =
      Pattern.compile("(-?[\\d.]+?)\\.\\.(-?[\\d.]+?)(?: by ([\\d.]+))?");

  private final String file;
  private final Problems problems;
  private final Map<String, Kind> kinds = new HashMap<>();
  private @Nullable String entity;

  KindReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * @param word kind or entity
   */
  void define(String word, String defined, String definition) {
    entity = null;
    if (WorldKind.of(defined).isPresent()) {
      problems.add("'" + defined + "' is a kind of the world", "choose another name");
    }
    if (kinds.containsKey(defined)) {
      problems.add("'" + defined + "' is there already", "define it once");
    }
    if (word.equals("entity") && !definition.startsWith("code ")) {
      problems.add("entity '" + defined + "' has no code", "write entity NAME: code PATTERN");
    }
    Optional<Kind> kind = kind(defined, definition, word.equals("entity"));
    if (kind.isEmpty()) {
      problems.add(
          "'" + definition + "' defines nothing",
          "write list a, b, c or int FROM..TO or number FROM..TO by STEP or code PATTERN");
    }
    kinds.put(defined, kind.orElse(WorldKind.WORD));
    if (word.equals("entity")) {
      entity = defined;
    }
  }

  private Optional<Kind> kind(String defined, String definition, boolean isEntity) {
    String id = file + "/" + defined;
    String[] parts = definition.split(" ", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    Matcher range = RANGE.matcher(rest);
    Matcher stepped = STEPPED.matcher(rest);
    return switch (parts[0]) {
      case "list" -> {
        List<String> values = split(rest, ",");
        if (values.size() < LEAST_LISTED) {
          problems.add("a list of " + values.size(), "list at least " + LEAST_LISTED);
        }
        yield Optional.of(choice(id, values, false));
      }
      case "int" ->
          range.matches()
              ? Optional.of(
                  new Kind.Range(
                      id,
                      new BigDecimal(range.group(1)),
                      new BigDecimal(range.group(2)),
                      BigDecimal.ONE,
                      true))
              : Optional.empty();
      case "number" ->
          stepped.matches()
              ? Optional.of(
                  new Kind.Range(
                      id,
                      new BigDecimal(stepped.group(1)),
                      new BigDecimal(stepped.group(2)),
                      new BigDecimal(stepped.group(3) == null ? "0.1" : stepped.group(3)),
                      false))
              : Optional.empty();
      case "code" ->
          Optional.of(
              new Kind.Code(
                  id,
                  split(rest, " \\| "),
                  isEntity ? List.of(Phrase.parse("{}")) : List.of(),
                  List.of("it")));
      default -> Optional.empty();
    };
  }

  private static Kind choice(String id, List<String> values, boolean closed) {
    List<String> plain = new ArrayList<>();
    Map<String, String> others = new HashMap<>();
    for (String value : values) {
      String[] parts = value.split("~", 2);
      plain.add(parts[0].strip());
      if (parts.length > 1) {
        others.put(parts[0].strip(), parts[1].strip());
      }
    }
    return new Kind.OneOf(id, List.copyOf(plain), Map.copyOf(others), closed);
  }

  static List<String> split(String text, String by) {
    return Stream.of(text.split(by)).map(String::strip).filter(part -> !part.isEmpty()).toList();
  }

  /** How people write an entity's identifiers, or mean one again. */
  void readEntity(String word, String rest) {
    if (!rest.startsWith("as ")
        || entity == null
        || !(kinds.get(entity) instanceof Kind.Code code)) {
      problems.add("'" + word + " " + rest + "'", "write known as or again as under an entity");
      return;
    }
    List<String> ways = split(rest.substring("as ".length()), " \\| ");
    if (word.equals("known")) {
      if (ways.stream().anyMatch(way -> !way.contains("{}"))) {
        problems.add("a way to write an identifier has no place for it", "put {} where it stands");
        return;
      }
      kinds.put(
          entity,
          new Kind.Code(
              code.id(), code.patterns(), ways.stream().map(Phrase::parse).toList(), code.again()));
    } else {
      kinds.put(entity, new Kind.Code(code.id(), code.patterns(), code.known(), ways));
    }
  }

  /** The kind that an argument or result is of. */
  Kind kindOf(String owner, String text) {
    if (text.startsWith("one of ")) {
      List<String> values = split(text.substring("one of ".length()), ",");
      if (values.size() < 2) {
        problems.add("a choice of one", "give at least two values");
      }
      return choice(file + "/" + owner + " " + values, values, true);
    }
    Kind kind = kinds.get(text);
    if (kind != null) {
      return kind;
    }
    return WorldKind.of(text)
        .orElseGet(
            () -> {
              problems.add(
                  "unknown kind '" + text + "'", "define it above or take one of the world");
              return WorldKind.WORD;
            });
  }
}
