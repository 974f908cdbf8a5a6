package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.WorldTool.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Requests in the words of a tool's description, as people type them who know their software: the
 * description as an order, a question or a fragment, with the values in it or behind it. Half of
 * them have the description that is offered, the others another one of the tool.
 */
final class DescribedRequests {
  private static final double IN_TRAINING = 0.35;
  private static final double IN_TESTS = 0.15;
  private static final double IN_PLACE = 0.6;
  private static final double NAMED = 0.4;
  private static final int FEWEST_WORDS = 2;
  private static final Pattern LONG_WORD = Pattern.compile("\\p{L}{4,}");

  /** Kinds whose values stand well in the middle of a sentence: "of a customer". */
  private static final Set<Kind> THINGS =
      Set.of(
          WorldKind.PERSON,
          WorldKind.FIRST_NAME,
          WorldKind.COMPANY,
          WorldKind.CITY,
          WorldKind.COUNTRY,
          WorldKind.LANGUAGE,
          WorldKind.DATE,
          WorldKind.TIME,
          WorldKind.EMAIL);

  /** Kinds whose values say nothing without a name: "three", "yes". */
  private static final Set<Kind> BARE =
      Set.of(WorldKind.COUNT, WorldKind.AMOUNT, WorldKind.YEAR, WorldKind.YES);

  private static final String TELLING = "(?:tell|say|show|get|check|report|find out|see) ";
  private static final Pattern CLAUSE =
      Pattern.compile(TELLING + "((?:where|how|what|when|who|which|whether|if|from whom) .+)");
  private static final Pattern NOUNS =
      Pattern.compile("(?:tell|get|show|find|give|list|read|look up|report) (?:all )?(the .+)");

  private final OfferedTool offered;
  private final List<Argument> required;
  private final Draws draws;

  private DescribedRequests(OfferedTool offered, Draws draws) {
    this.offered = offered;
    this.required = offered.tool().required();
    this.draws = draws;
  }

  /** Whether the next request is to be one of these. */
  static boolean isNext(Draws draws) {
    return draws.chance(draws.split() == Split.TRAIN ? IN_TRAINING : IN_TESTS);
  }

  /** A request with a slot for each required argument. */
  static Phrase draw(OfferedTool offered, Draws draws) {
    DescribedRequests requests = new DescribedRequests(offered, draws);
    String text = requests.description();
    String small = text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    return Phrase.parse(requests.phrase(small));
  }

  private String description() {
    String told = offered.description();
    List<String> others =
        offered.tool().descriptions().stream().filter(text -> !text.equals(told)).toList();
    return others.isEmpty() || draws.chance(0.5) ? told : draws.pick(others);
  }

  private String phrase(String description) {
    List<Argument> rest = new ArrayList<>(required);
    String text = draws.chance(IN_PLACE) ? filled(description, rest) : description;
    String words = wording(text);
    if (rest.isEmpty()) {
      return words;
    }
    String values = values(rest);
    return switch (draws.below(6)) {
      case 0 -> values + ": " + words;
      case 1 -> words + " - " + values;
      case 2 -> words + ", " + values;
      case 3 -> words + " (" + values + ")";
      default -> words + ": " + values;
    };
  }

  /** The description with slots where it speaks of arguments: "of an order", "a day". */
  private String filled(String description, List<Argument> rest) {
    String text = description;
    for (Argument argument : required) {
      Kind kind = argument.kind() instanceof Kind.Several several ? several.of() : argument.kind();
      boolean thing = THINGS.contains(kind) || kind instanceof Kind.Code;
      for (String noun : thing ? nouns(argument, kind) : Set.<String>of()) {
        Matcher place =
            Pattern.compile(
                    "\\b(?:an? "
                        + Pattern.quote(noun)
                        + "|"
                        + (isOnlyPerson(argument) ? "somebody|someone" : "(?!)")
                        + ")(?=$|,|'s | (?:of|in|on|at|for|to|from|and|is|was|has|with|by|under)\\b)")
                .matcher(text);
        if (rest.contains(argument) && place.find()) {
          text = place.replaceFirst(Matcher.quoteReplacement("{" + argument.name() + "}"));
          rest.remove(argument);
        }
      }
    }
    long left = LONG_WORD.matcher(text.replaceAll("\\{[^}]*}", "")).results().count();
    if (left < FEWEST_WORDS) { // "Put Anna Novak on S-12" no longer says what it is about.
      rest.clear();
      rest.addAll(required);
      return description;
    }
    return text;
  }

  private boolean isOnlyPerson(Argument argument) {
    return required.stream()
        .filter(a -> a.kind() == WorldKind.PERSON || a.kind() == WorldKind.FIRST_NAME)
        .toList()
        .equals(List.of(argument));
  }

  /** What a description may call an argument and no other: its name, its kind. */
  private Set<String> nouns(Argument argument, Kind kind) {
    Set<String> nouns = words(argument, kind);
    required.stream()
        .filter(other -> other != argument)
        .forEach(other -> nouns.removeAll(words(other, other.kind())));
    return nouns;
  }

  private static Set<String> words(Argument argument, Kind kind) {
    String name = argument.name().replaceAll(" (?:id|number|name|code)$", "");
    Set<String> words = new TreeSet<>();
    for (String word : List.of(name, kind.id())) {
      words.add(word);
      words.add(word.substring(word.lastIndexOf(' ') + 1));
    }
    return words;
  }

  private String wording(String text) {
    Matcher clause = CLAUSE.matcher(text);
    if (clause.matches() && draws.chance(0.6)) {
      return draws.pick(
              List.of("tell me ", "can you tell me ", "I need to know ", "let me know ", "say "))
          + clause.group(1);
    }
    Matcher nouns = NOUNS.matcher(text);
    if (nouns.matches() && draws.chance(0.6)) {
      String thing = nouns.group(1);
      return draws.pick(
          List.of(
              thing.substring("the ".length()),
              thing.substring("the ".length()) + " please",
              "I need " + thing,
              "give me " + thing,
              thing));
    }
    if (Phrase.parse(text).isQuestion()) {
      return "please " + text; // "Have a coat mended" reads as a question without.
    }
    return draws.pick(
        List.of(text, text, text, "please " + text, "can you " + text, "could you " + text));
  }

  /** "A-4711, tomorrow" or "order id A-4711, day tomorrow": with names where it takes them. */
  private String values(List<Argument> rest) {
    boolean named = draws.chance(NAMED);
    return rest.stream()
        .map(
            argument ->
                named || rest.size() > 1 && !tellsItself(argument)
                    ? name(argument) + " {" + argument.name() + "}"
                    : "{" + argument.name() + "}")
        .collect(Collectors.joining(", "));
  }

  private boolean tellsItself(Argument argument) {
    Kind kind = argument.kind();
    return !BARE.contains(kind)
        && !(kind instanceof Kind.Range)
        && required.stream().noneMatch(other -> other != argument && isLike(other.kind(), kind));
  }

  private static boolean isLike(Kind one, Kind other) {
    return one.id().equals(other.id()) || isText(one) && isText(other);
  }

  /** Words of any meaning: of two of them nobody knows which is which. */
  private static boolean isText(Kind kind) {
    return kind instanceof Kind.OneOf
        || kind == WorldKind.TEXT
        || kind == WorldKind.TITLE
        || kind == WorldKind.TOPIC
        || kind == WorldKind.WORD;
  }

  private String name(Argument argument) {
    boolean code = argument.kind() instanceof Kind.Code || argument.kind() == WorldKind.ID;
    return code && !argument.name().matches(".*\\b(?:id|number|code|no|ref)")
        ? argument.name() + draws.pick(List.of(" id", " number"))
        : argument.name();
  }
}
