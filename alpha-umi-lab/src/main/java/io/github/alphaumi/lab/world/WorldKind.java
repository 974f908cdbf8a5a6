package io.github.alphaumi.lab.world;

import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.PythonJson;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kinds that every domain may use. */
enum WorldKind implements Kind {
  PERSON,
  FIRST_NAME,
  CITY,
  COUNTRY,
  DATE,
  TIME,
  EMAIL,
  PHONE,
  ADDRESS,
  COMPANY,
  LANGUAGE,
  CURRENCY,
  MONEY,
  COUNT,
  AMOUNT,
  PERCENT,
  YEAR,
  MINUTES,
  TEXT,
  TITLE,
  TOPIC,
  WORD,
  URL,
  COLOUR,
  ID,
  YES;

  private static final List<String> PHONES =
      List.of(
          "+## ## #### ####", "+## ### ######", "0## ### ## ##", "(###) ###-####", "0#### ######");
  private static final List<String> IDS =
      List.of("??-####", "######", "****-****", "?##-###?", "ID####");
  private static final Pattern UNIT =
      Pattern.compile(
          "^\\s*(?:%|percent|per cent|minutes?|mins?|euros?|dollars?|pounds?|bucks|quid|[$€£])\\b?.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  static Optional<Kind> of(String name) {
    return Stream.of(values())
        .filter(kind -> kind.id().equals(name))
        .findFirst()
        .map(kind -> (Kind) kind);
  }

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public Object draw(Draws draws) {
    return switch (this) {
      case PERSON -> draws.line("first-names") + " " + draws.line("last-names");
      case FIRST_NAME -> draws.line("first-names");
      case CITY -> draws.line("cities");
      case COUNTRY -> draws.line("countries");
      case DATE -> Dates.draw(draws);
      case TIME ->
          String.format(Locale.ROOT, "%02d:%02d", draws.between(6, 23), 5 * draws.below(12));
      case EMAIL -> Emails.draw(draws);
      case PHONE -> draws.code(PHONES);
      case ADDRESS -> {
        String house = draws.between(1, 240) + " " + draws.line("streets");
        yield draws.chance(0.25) ? house + ", " + draws.line("cities") : house;
      }
      case COMPANY -> draws.line("companies");
      case LANGUAGE -> draws.line("languages");
      case CURRENCY -> code(draws.line("currencies"));
      case MONEY -> money(draws);
      case COUNT -> draws.between(1, 20);
      case AMOUNT -> draws.chance(0.5) ? 50 * draws.between(2, 400) : draws.between(101, 25_000);
      case PERCENT -> draws.between(1, 100);
      case YEAR -> draws.between(1950, 2035);
      case MINUTES -> 5 * draws.between(1, 36);
      case TEXT -> draws.line("texts");
      case TITLE -> title(draws);
      case TOPIC -> draws.line("topics");
      case WORD -> draws.line("words");
      case URL ->
          "https://"
              + draws.line("words")
              + "-"
              + draws.line("words")
              + ".example/"
              + draws.code(List.of("****", "???##", "#####"));
      case COLOUR -> draws.line("colours");
      case ID -> draws.code(IDS);
      case YES -> draws.chance(0.5);
    };
  }

  @Override
  public Spelling write(Object value, Draws draws, String before, String after) {
    String text = value instanceof String string ? string : PythonJson.write(value);
    return switch (this) {
      case DATE -> Dates.write(text, draws, before);
      case TIME -> Spelling.of(Times.write(text, draws));
      case CURRENCY -> Spelling.of(currency(text, draws));
      case COUNT -> Spelling.of(draws.chance(0.35) ? NumberWords.of((Integer) value) : text);
      case AMOUNT ->
          Spelling.of(
              draws.chance(0.4) && (Integer) value > 999
                  ? String.format(Locale.ROOT, "%,d", (Integer) value)
                  : text);
      case MONEY -> Spelling.of(money(value, text, draws, before, after));
      case PERCENT ->
          Spelling.of(
              UNIT.matcher(after).matches()
                  ? text
                  : draws.chance(0.2) && NumberWords.has((Integer) value)
                      ? NumberWords.of((Integer) value) + " percent"
                      : text + draws.pick(List.of("%", " percent", " %")));
      case MINUTES -> Spelling.of(minutes((Integer) value, draws, before, after));
      case TEXT -> text(text, draws, before, after);
      case TITLE ->
          Spelling.of(draws.chance(0.5) && !quoted(before, after) ? "\"" + text + "\"" : text);
      case YES ->
          Spelling.of(
              (Boolean) value
                  ? draws.pick(List.of("yes", "on"))
                  : draws.pick(List.of("no", "off")));
      default -> Spelling.of(text);
    };
  }

  @Override
  public JsonSchemaElement schema(String description) {
    return switch (this) {
      case DATE -> Kind.dateSchema(description);
      case YES -> Kind.booleanSchema(description);
      case COUNT, AMOUNT, PERCENT, YEAR, MINUTES ->
          JsonIntegerSchema.builder().description(description).build();
      case MONEY -> JsonNumberSchema.builder().description(description).build();
      case TIME -> JsonStringSchema.builder().description(description + " as HH:MM").build();
      case CURRENCY ->
          JsonStringSchema.builder().description(description + ", three letters").build();
      default -> JsonStringSchema.builder().description(description).build();
    };
  }

  @Override
  public boolean isOpen() {
    return this != YES;
  }

  private static String code(String line) {
    return line.substring(0, line.indexOf('~'));
  }

  private static String currency(String code, Draws draws) {
    if (draws.chance(0.4)) {
      return code;
    }
    return currencyWords(code, draws);
  }

  /** What people call a currency, by its code. */
  static String currencyWords(String code, Draws draws) {
    return draws.lines("currencies").stream()
        .filter(line -> code(line).equals(code))
        .map(line -> line.substring(line.indexOf('~') + 1))
        .findFirst()
        .orElse(code);
  }

  private static Object money(Draws draws) {
    int cents =
        draws.chance(0.5)
            ? 500 * draws.between(1, 60)
            : draws.chance(0.6) ? draws.between(199, 30_000) : 10_000 * draws.between(3, 90);
    return Kind.number(BigDecimal.valueOf(cents, 2));
  }

  private static String money(Object value, String text, Draws draws, String before, String after) {
    boolean whole = value instanceof Integer;
    String figure =
        whole
            ? (Integer) value > 999 && draws.chance(0.5)
                ? String.format(Locale.ROOT, "%,d", (Integer) value)
                : text
            : String.format(Locale.ROOT, "%.2f", ((Number) value).doubleValue());
    if (before.matches("(?s).*[$€£]$") || UNIT.matcher(after).matches() || draws.chance(0.3)) {
      return figure;
    }
    return switch (draws.below(4)) {
      case 0 -> "$" + figure;
      case 1 -> "€" + figure;
      case 2 ->
          whole && NumberWords.has((Integer) value) && draws.chance(0.6)
              ? NumberWords.of((Integer) value) + " pounds"
              : figure + " euros";
      default ->
          whole && NumberWords.has((Integer) value) && draws.chance(0.6)
              ? NumberWords.of((Integer) value) + " dollars"
              : figure + " dollars";
    };
  }

  private static String minutes(int minutes, Draws draws, String before, String after) {
    if (UNIT.matcher(after).matches()) {
      return String.valueOf(minutes);
    }
    if (draws.chance(0.5) && !before.matches("(?s).*\\b(?:the|a|an) $")) {
      switch (minutes) {
        case 15:
          return "a quarter of an hour";
        case 30:
          return "half an hour";
        case 45:
          return "three quarters of an hour";
        case 60:
          return "an hour";
        case 90:
          return "an hour and a half";
        case 120:
          return "two hours";
        case 150:
          return "two and a half hours";
        case 180:
          return "three hours";
        default:
          break;
      }
    }
    return minutes + draws.pick(List.of(" minutes", " min", " minutes"));
  }

  private static boolean quoted(String before, String after) {
    return before.endsWith("\"") || before.endsWith("'") || after.startsWith("\"");
  }

  private static Spelling text(String text, Draws draws, String before, String after) {
    if (quoted(before, after)) {
      return Spelling.of(text);
    }
    if (after.isEmpty() && draws.chance(0.5)) {
      return new Spelling("", text, "", true, false);
    }
    boolean single = !text.contains("'") && draws.chance(0.25);
    return Spelling.of(single ? "'" + text + "'" : "\"" + text + "\"");
  }

  private static String title(Draws draws) {
    String adjective = capital(draws.line("adjectives"));
    String noun = capital(draws.line("words"));
    return switch (draws.below(4)) {
      case 0 -> "The " + adjective + " " + noun;
      case 1 -> adjective + " " + noun;
      case 2 -> "The " + noun + " of " + draws.line("cities");
      default -> noun + " and " + capital(draws.line("words"));
    };
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
