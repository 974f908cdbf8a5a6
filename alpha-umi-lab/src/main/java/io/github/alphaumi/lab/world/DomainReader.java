package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Reference;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one domain file; the README beside the files describes the form. Every fault is collected
 * as {@code file:line: what, remedy}, so that a writer mends them all at once.
 */
final class DomainReader {
  private static final int LEAST_ASKS = 12;
  private static final int LEAST_HINTS = 3;
  private static final int LEAST_LISTED = 6;
  private static final int MOST_REQUIRED = 4;

  /** Words that belong to the verb before them. */
  private static final Set<String> PARTICLES =
      Set.of(
          "up", "back", "off", "out", "down", "over", "in", "on", "away", "notice", "through",
          "aside", "for", "around", "along");

  private static final Pattern RANGE = Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)");
  private static final Pattern STEPPED =
      Pattern.compile("(-?[\\d.]+?)\\.\\.(-?[\\d.]+?)(?: by ([\\d.]+))?");

  private final String file;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Kind> kinds = new HashMap<>();
  private final List<WorldTool> tools = new ArrayList<>();
  private final List<String> alikeLines = new ArrayList<>();
  private final Map<String, Integer> alikeAt = new HashMap<>();
  private String name = "";
  private String title = "";
  private int line;
  private @Nullable Draft draft;
  private @Nullable String entity;

  private DomainReader(String file) {
    this.file = file;
  }

  /** A tool whose lines are being read. */
  private static final class Draft {
    private final int line;
    private final String name;
    private final List<String> descriptions = new ArrayList<>();
    private @Nullable Effect effect;
    private final Map<String, Argument> arguments = new LinkedHashMap<>();
    private final Map<String, Result> results = new LinkedHashMap<>();
    private final List<Phrase> asks = new ArrayList<>();
    private final List<Phrase> hints = new ArrayList<>();
    private final List<Phrase> answers = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();

    Draft(int line, String name) {
      this.line = line;
      this.name = name;
    }

    List<String> required() {
      return arguments.values().stream().filter(Argument::required).map(Argument::name).toList();
    }
  }

  /**
   * @param file the file's name without ending
   * @throws AlphaUmiException with all faults, one a line
   */
  static Domain read(String file, List<String> lines) {
    DomainReader reader = new DomainReader(file);
    for (String text : lines) {
      reader.line++;
      reader.read(text);
    }
    reader.endTool();
    Domain domain = reader.domain();
    if (!reader.problems.isEmpty()) {
      throw new AlphaUmiException(String.join("\n", reader.problems));
    }
    return domain;
  }

  private void problem(int at, String what, String remedy) {
    problems.add(file + ".txt:" + at + ": " + what + ", " + remedy);
  }

  private void problem(String what, String remedy) {
    problem(line, what, remedy);
  }

  private void read(String text) {
    String words = text.strip();
    if (words.isEmpty() || words.startsWith("#")) {
      return;
    }
    if (text.indexOf('\t') >= 0) {
      problem("a tab", "write blanks");
    }
    int indent = text.length() - text.stripLeading().length();
    String[] parts = words.split(" ", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    if (indent == 0) {
      readOuter(parts[0], rest);
    } else if (indent == 2) {
      readInner(parts[0], rest);
    } else {
      problem("indented by " + indent, "indent by two blanks or not at all");
    }
  }

  private void readOuter(String word, String rest) {
    switch (word) {
      case "domain" -> {
        String[] parts = rest.split(":", 2);
        name = parts[0].strip();
        title = parts.length > 1 ? parts[1].strip() : "";
        if (!name.equals(file)) {
          problem("domain '" + name + "' is not the file's name", "call it " + file);
        }
        if (!name.matches("[a-z0-9-]+")) {
          problem("domain '" + name + "'", "use small letters, digits and hyphens");
        }
      }
      case "kind", "entity" -> {
        endTool();
        String[] parts = rest.split(":", 2);
        define(word, parts[0].strip(), parts.length > 1 ? parts[1].strip() : "");
      }
      case "tool" -> {
        endTool();
        draft = new Draft(line, rest);
      }
      case "same" -> {
        alikeLines.add(rest);
        alikeAt.put(rest, line);
      }
      default ->
          problem("unknown word '" + word + "'", "begin with domain, kind, entity, tool or same");
    }
  }

  private void define(String word, String defined, String definition) {
    entity = null;
    if (WorldKind.of(defined).isPresent()) {
      problem("'" + defined + "' is a kind of the world", "choose another name");
    }
    if (kinds.containsKey(defined)) {
      problem("'" + defined + "' is there already", "define it once");
    }
    if (word.equals("entity") && !definition.startsWith("code ")) {
      problem("entity '" + defined + "' has no code", "write entity NAME: code PATTERN");
    }
    Optional<Kind> kind = kind(defined, definition, word.equals("entity"));
    if (kind.isEmpty()) {
      problem(
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
          problem("a list of " + values.size(), "list at least " + LEAST_LISTED);
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

  private static List<String> split(String text, String by) {
    return Stream.of(text.split(by)).map(String::strip).filter(part -> !part.isEmpty()).toList();
  }

  private void readInner(String word, String rest) {
    if (word.equals("known") || word.equals("again")) {
      readEntity(word, rest);
      return;
    }
    Draft tool = draft;
    if (tool == null) {
      problem("'" + word + "' outside of a tool", "put it under its tool");
      return;
    }
    switch (word) {
      case "does" -> {
        tool.descriptions.addAll(split(rest, " / "));
        if (tool.descriptions.stream().anyMatch(text -> text.endsWith("."))) {
          problem("a description ends with a full stop", "leave it out");
        }
      }
      case "effect" -> {
        switch (rest) {
          case "read" -> tool.effect = Effect.READ_ONLY;
          case "set" -> tool.effect = Effect.IDEMPOTENT;
          case "act" -> tool.effect = Effect.EFFECTFUL;
          default -> problem("effect '" + rest + "'", "write read, set or act");
        }
      }
      case "arg" -> readArgument(tool, rest);
      case "out" -> readResult(tool, rest);
      case "ask" -> tool.asks.add(request(tool, rest));
      case "ask!" -> tool.hints.add(request(tool, rest));
      case "say" -> tool.answers.add(answer(tool, rest));
      case "fail" -> tool.failures.add(rest);
      case "ref" -> readReference(tool, rest);
      default ->
          problem(
              "unknown word '" + word + "'",
              "begin with does, effect, arg, out, ask, ask!, say, fail or ref");
    }
  }

  private void readEntity(String word, String rest) {
    if (!rest.startsWith("as ")
        || entity == null
        || !(kinds.get(entity) instanceof Kind.Code code)) {
      problem("'" + word + " " + rest + "'", "write known as or again as under an entity");
      return;
    }
    List<String> ways = split(rest.substring("as ".length()), " \\| ");
    if (word.equals("known")) {
      if (ways.stream().anyMatch(way -> !way.contains("{}"))) {
        problem("a way to write an identifier has no place for it", "put {} where it stands");
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

  private Kind kindOf(String owner, String text) {
    if (text.startsWith("one of ")) {
      List<String> values = split(text.substring("one of ".length()), ",");
      if (values.size() < 2) {
        problem("a choice of one", "give at least two values");
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
              problem("unknown kind '" + text + "'", "define it above or take one of the world");
              return WorldKind.WORD;
            });
  }

  private void readArgument(Draft tool, String rest) {
    String[] parts = rest.split(":", 2);
    String argument = parts[0].strip();
    if (parts.length < 2) {
      problem("argument '" + argument + "' has no kind", "write arg NAME: KIND");
      return;
    }
    String[] kindAndClauses = parts[1].split("\\?", 2);
    boolean required = kindAndClauses.length < 2;
    List<Phrase> clauses = List.of();
    if (!required) {
      String text = kindAndClauses[1].strip();
      if (!text.startsWith("=")) {
        problem("optional argument '" + argument + "' has no clause", "write ? = clause | clause");
      } else {
        clauses = split(text.substring(1), " \\| ").stream().map(Phrase::parse).toList();
      }
    }
    if (tool.arguments.containsKey(argument)) {
      problem("argument '" + argument + "' is there already", "give it once");
    }
    Kind kind = kindOf(argument, kindAndClauses[0].strip());
    tool.arguments.put(argument, new Argument(argument, kind, required, clauses));
  }

  private void readResult(Draft tool, String rest) {
    String[] parts = rest.split(":", 2);
    String result = parts[0].strip();
    if (parts.length < 2) {
      problem("result '" + result + "' has no kind", "write out NAME: KIND");
      return;
    }
    String kind = parts[1].strip();
    if (kind.contains("?")) {
      problem("result '" + result + "' is optional", "leave out the question mark");
    }
    if (tool.results.containsKey(result)) {
      problem("result '" + result + "' is there already", "give it once");
    }
    boolean several = kind.startsWith("several ");
    String one = several ? kind.substring("several ".length()).strip() : kind;
    tool.results.put(result, new Result(result, kindOf(result, one), several));
  }

  private Phrase request(Draft tool, String text) {
    Phrase phrase = Phrase.parse(text);
    List<String> slots = phrase.slots().stream().sorted().toList();
    List<String> required = tool.required().stream().sorted().toList();
    if (!slots.equals(required)) {
      problem("a request has " + slots, "name exactly the required arguments " + required);
    }
    if (text.endsWith(".") || text.endsWith("?") || text.endsWith("!")) {
      problem("a request ends with a mark", "leave it out");
    }
    return phrase;
  }

  private Phrase answer(Draft tool, String text) {
    Phrase phrase = Phrase.parse(text);
    for (String slot : phrase.slots()) {
      if (!tool.results.containsKey(slot) && !tool.required().contains(slot)) {
        problem("an answer has {" + slot + "}", "name a result or a required argument of the tool");
      }
    }
    return phrase;
  }

  private void readReference(Draft tool, String rest) {
    int equals = rest.lastIndexOf(" = ");
    Result result = equals < 0 ? null : tool.results.get(rest.substring(equals + 3).strip());
    if (result == null) {
      problem("'" + rest + "' stands for no result", "write ref PHRASE = RESULT");
      return;
    }
    Phrase phrase = Phrase.parse(rest.substring(0, equals).strip());
    if (!phrase.slots().stream()
        .sorted()
        .toList()
        .equals(tool.required().stream().sorted().toList())) {
      problem(
          "a ref has " + phrase.slots(), "name exactly the required arguments " + tool.required());
    }
    tool.references.add(new Reference(phrase, result));
  }

  private void endTool() {
    Draft tool = draft;
    draft = null;
    if (tool == null) {
      return;
    }
    check(tool, tool.descriptions.size() >= 2, "has one description", "give two");
    check(tool, tool.effect != null, "has no effect", "add effect read, set or act");
    check(
        tool,
        tool.asks.size() >= LEAST_ASKS,
        "has " + tool.asks.size() + " ask",
        "write at least " + LEAST_ASKS);
    check(
        tool,
        tool.hints.size() >= LEAST_HINTS,
        "has " + tool.hints.size() + " ask!",
        "write at least " + LEAST_HINTS);
    check(
        tool,
        tool.required().size() <= MOST_REQUIRED,
        "has " + tool.required().size() + " required arguments",
        "leave at most " + MOST_REQUIRED);
    check(
        tool,
        !tool.results.isEmpty() && !tool.answers.isEmpty() && !tool.failures.isEmpty(),
        "lacks out, say or fail",
        "add them");
    Set<String> said = new HashSet<>();
    tool.answers.forEach(answer -> said.addAll(answer.slots()));
    tool.results
        .keySet()
        .forEach(
            result ->
                check(
                    tool, said.contains(result), "never says {" + result + "}", "add a say line"));
    Set<String> requests = new HashSet<>();
    Stream.concat(tool.asks.stream(), tool.hints.stream())
        .forEach(
            phrase ->
                check(
                    tool,
                    requests.add(phrase.toString().toLowerCase(java.util.Locale.ROOT)),
                    "has the request '" + phrase + "' twice",
                    "leave one"));
    tools.add(
        new WorldTool(
            file,
            nameWords(tool.name),
            List.copyOf(tool.descriptions),
            tool.effect == null ? Effect.READ_ONLY : tool.effect,
            List.copyOf(tool.arguments.values()),
            List.copyOf(tool.results.values()),
            List.copyOf(tool.asks),
            List.copyOf(tool.hints),
            List.copyOf(tool.answers),
            List.copyOf(tool.failures),
            List.copyOf(tool.references)));
  }

  private static List<String> withoutParticles(String toolName) {
    return split(toolName, " ").stream().filter(word -> !PARTICLES.contains(word)).toList();
  }

  /** "find/look up last order": find or look up, last, order. */
  private static List<List<String>> nameWords(String name) {
    List<List<String>> words = new ArrayList<>();
    for (String word : split(name, " ")) {
      List<String> before = words.isEmpty() ? List.of() : words.get(words.size() - 1);
      if (before.size() > 1 && PARTICLES.contains(word)) {
        List<String> joined = new ArrayList<>(before);
        joined.set(before.size() - 1, before.get(before.size() - 1) + " " + word);
        words.set(words.size() - 1, List.copyOf(joined));
      } else {
        words.add(split(word, "/"));
      }
    }
    return List.copyOf(words);
  }

  private void check(Draft tool, boolean right, String what, String remedy) {
    if (!right) {
      problem(tool.line, "tool '" + tool.name + "' " + what, remedy);
    }
  }

  private Domain domain() {
    if (name.isEmpty()) {
      problem(1, "no domain", "begin with domain " + file + ": what it is");
    }
    List<List<WorldTool>> alike = new ArrayList<>();
    for (String group : alikeLines) {
      List<WorldTool> found = new ArrayList<>();
      for (String named : split(group, ",")) {
        Optional<WorldTool> tool =
            tools.stream()
                .filter(
                    candidate ->
                        candidate.names().stream()
                            .anyMatch(any -> withoutParticles(any).equals(withoutParticles(named))))
                .findFirst();
        if (tool.isEmpty()) {
          problem(
              alikeAt.getOrDefault(group, 1),
              "'" + named + "' is no tool of this file",
              "name one of " + tools.stream().map(WorldTool::name).toList());
        }
        tool.ifPresent(found::add);
      }
      alike.add(List.copyOf(found));
    }
    return new Domain(file, title, List.copyOf(tools), List.copyOf(alike));
  }
}
