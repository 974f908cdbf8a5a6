package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Reference;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lines of one tool of a domain file. */
final class ToolReader {
  private static final int LEAST_ASKS = 12;
  private static final int LEAST_HINTS = 3;
  private static final int MOST_REQUIRED = 4;

  /** Words that belong to the verb before them. */
  private static final Set<String> PARTICLES =
      Set.of(
          "up", "back", "off", "out", "down", "over", "in", "on", "away", "notice", "through",
          "aside", "for", "around", "along");

  private final String domain;
  private final KindReader kinds;
  private final Problems problems;
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

  /**
   * @param name the words of the tool's name
   */
  ToolReader(String domain, String name, KindReader kinds, Problems problems) {
    this.domain = domain;
    this.name = name;
    this.kinds = kinds;
    this.problems = problems;
    line = problems.line();
  }

  void read(String word, String rest) {
    switch (word) {
      case "does" -> {
        descriptions.addAll(KindReader.split(rest, " / "));
        if (descriptions.stream().anyMatch(text -> text.endsWith("."))) {
          problems.add("a description ends with a full stop", "leave it out");
        }
      }
      case "effect" -> {
        switch (rest) {
          case "read" -> effect = Effect.READ_ONLY;
          case "set" -> effect = Effect.IDEMPOTENT;
          case "act" -> effect = Effect.EFFECTFUL;
          default -> problems.add("effect '" + rest + "'", "write read, set or act");
        }
      }
      case "arg" -> readArgument(rest);
      case "out" -> readResult(rest);
      case "ask" -> asks.add(request(rest));
      case "ask!" -> hints.add(request(rest));
      case "say" -> answers.add(answer(rest));
      case "fail" -> failures.add(rest);
      case "ref" -> readReference(rest);
      default ->
          problems.add(
              "unknown word '" + word + "'",
              "begin with does, effect, arg, out, ask, ask!, say, fail or ref");
    }
  }

  private void readArgument(String rest) {
    String[] parts = rest.split(":", 2);
    String argument = parts[0].strip();
    if (parts.length < 2) {
      problems.add("argument '" + argument + "' has no kind", "write arg NAME: KIND");
      return;
    }
    String[] kindAndClauses = parts[1].split("\\?", 2);
    boolean required = kindAndClauses.length < 2;
    List<Phrase> clauses = List.of();
    if (!required) {
      String text = kindAndClauses[1].strip();
      if (!text.startsWith("=")) {
        problems.add(
            "optional argument '" + argument + "' has no clause", "write ? = clause | clause");
      } else {
        clauses = KindReader.split(text.substring(1), " \\| ").stream().map(Phrase::parse).toList();
      }
    }
    if (arguments.containsKey(argument)) {
      problems.add("argument '" + argument + "' is there already", "give it once");
    }
    Kind kind = kinds.kindOf(argument, kindAndClauses[0].strip());
    arguments.put(argument, new Argument(argument, kind, required, clauses));
  }

  private void readResult(String rest) {
    String[] parts = rest.split(":", 2);
    String result = parts[0].strip();
    if (parts.length < 2) {
      problems.add("result '" + result + "' has no kind", "write out NAME: KIND");
      return;
    }
    String kind = parts[1].strip();
    if (kind.contains("?")) {
      problems.add("result '" + result + "' is optional", "leave out the question mark");
    }
    if (results.containsKey(result)) {
      problems.add("result '" + result + "' is there already", "give it once");
    }
    boolean several = kind.startsWith("several ");
    String one = several ? kind.substring("several ".length()).strip() : kind;
    results.put(result, new Result(result, kinds.kindOf(result, one), several));
  }

  private Phrase request(String text) {
    Phrase phrase = Phrase.parse(text);
    List<String> slots = phrase.slots().stream().sorted().toList();
    List<String> required = required().stream().sorted().toList();
    if (!slots.equals(required)) {
      problems.add("a request has " + slots, "name exactly the required arguments " + required);
    }
    if (text.endsWith(".") || text.endsWith("?") || text.endsWith("!")) {
      problems.add("a request ends with a mark", "leave it out");
    }
    return phrase;
  }

  private Phrase answer(String text) {
    Phrase phrase = Phrase.parse(text);
    for (String slot : phrase.slots()) {
      if (!results.containsKey(slot) && !required().contains(slot)) {
        problems.add(
            "an answer has {" + slot + "}", "name a result or a required argument of the tool");
      }
    }
    return phrase;
  }

  private void readReference(String rest) {
    int equals = rest.lastIndexOf(" = ");
    Result result = equals < 0 ? null : results.get(rest.substring(equals + 3).strip());
    if (result == null) {
      problems.add("'" + rest + "' stands for no result", "write ref PHRASE = RESULT");
      return;
    }
    Phrase phrase = Phrase.parse(rest.substring(0, equals).strip());
    if (!phrase.slots().stream().sorted().toList().equals(required().stream().sorted().toList())) {
      problems.add(
          "a ref has " + phrase.slots(), "name exactly the required arguments " + required());
    }
    references.add(new Reference(phrase, result));
  }

  /** The tool, with what it lacks among the problems. */
  WorldTool end() {
    check(descriptions.size() >= 2, "has one description", "give two");
    check(effect != null, "has no effect", "add effect read, set or act");
    check(asks.size() >= LEAST_ASKS, "has " + asks.size() + " ask", "write at least " + LEAST_ASKS);
    check(
        hints.size() >= LEAST_HINTS,
        "has " + hints.size() + " ask!",
        "write at least " + LEAST_HINTS);
    check(
        required().size() <= MOST_REQUIRED,
        "has " + required().size() + " required arguments",
        "leave at most " + MOST_REQUIRED);
    check(
        !results.isEmpty() && !answers.isEmpty() && !failures.isEmpty(),
        "lacks out, say or fail",
        "add them");
    Set<String> said = new HashSet<>();
    answers.forEach(answer -> said.addAll(answer.slots()));
    results
        .keySet()
        .forEach(
            result ->
                check(said.contains(result), "never says {" + result + "}", "add a say line"));
    Set<String> requests = new HashSet<>();
    Stream.concat(asks.stream(), hints.stream())
        .forEach(
            phrase ->
                check(
                    requests.add(phrase.toString().toLowerCase(Locale.ROOT)),
                    "has the request '" + phrase + "' twice",
                    "leave one"));
    return new WorldTool(
        domain,
        nameWords(name),
        List.copyOf(descriptions),
        effect == null ? Effect.READ_ONLY : effect,
        List.copyOf(arguments.values()),
        List.copyOf(results.values()),
        List.copyOf(asks),
        List.copyOf(hints),
        List.copyOf(answers),
        List.copyOf(failures),
        List.copyOf(references));
  }

  private List<String> required() {
    return arguments.values().stream().filter(Argument::required).map(Argument::name).toList();
  }

  /** Whether it belongs to the verb before it: "look up". */
  static boolean isParticle(String word) {
    return PARTICLES.contains(word);
  }

  /** A name without the words that a domain file may leave out or put elsewhere. */
  static List<String> withoutParticles(String toolName) {
    return KindReader.split(toolName, " ").stream()
        .filter(word -> !PARTICLES.contains(word))
        .toList();
  }

  /** "find/look up last order": find or look up, last, order. */
  private static List<List<String>> nameWords(String name) {
    List<List<String>> words = new ArrayList<>();
    for (String word : KindReader.split(name, " ")) {
      List<String> before = words.isEmpty() ? List.of() : words.get(words.size() - 1);
      if (before.size() > 1 && PARTICLES.contains(word)) {
        List<String> joined = new ArrayList<>(before);
        joined.set(before.size() - 1, before.get(before.size() - 1) + " " + word);
        words.set(words.size() - 1, List.copyOf(joined));
      } else {
        words.add(KindReader.split(word, "/"));
      }
    }
    return List.copyOf(words);
  }

  private void check(boolean right, String what, String remedy) {
    if (!right) {
      problems.add(line, "tool '" + name + "' " + what, remedy);
    }
  }
}
