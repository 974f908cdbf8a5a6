package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A constraint by chance, and someone else's judgement of a text.
 *
 * @param root the language
 * @param source what it was made of, for messages
 * @param judge what is wrong with a text; empty if nothing is
 */
record RandomConstraint(Kind kind, Expression root, String source, Function<String, String> judge) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final List<String> WORDS =
      List.of(
          "order",
          "orderStatus",
          "orders",
          "stock_of",
          "x",
          "\u5929\u6c17",
          "na\u00efve-1",
          "get weather",
          "\ud83d\ude00");
  static final List<String> ENDINGS =
      List.of(
          " Next: caller.",
          " Next: conclusion.",
          " Next: give up.",
          "\nFinal Answer:",
          " \u2192 \u00fc.",
          "aaab",
          "aab");
  private static final AtomicLong UNDECIDED = new AtomicLong();
  private static final String SENTENCE = "I call ";

  /** What a text is held to. */
  enum Kind {
    JSON,
    CALL_OF,
    ONE_OF,
    ENDS_WITH,
    NAMES,
    MATCHES
  }

  static RandomConstraint of(Random random, Grammar grammar) {
    return switch (random.nextInt(20)) {
      case 0 -> oneOf(random, grammar);
      case 1, 2 -> endsWith(random, grammar);
      case 3 -> names(random, grammar);
      case 4, 5, 6 -> matches(random, grammar);
      case 7, 8, 9, 10 -> callOf(random, grammar);
      default -> json(random, grammar);
    };
  }

  String objections(String text) {
    return judge.apply(text);
  }

  @Override
  public String toString() {
    return kind + " " + source;
  }

  private static JsonStyle style(Random random) {
    return new JsonStyle(
        JsonStyle.Order.values()[random.nextInt(2)],
        JsonStyle.Blanks.values()[random.nextInt(3)],
        random.nextBoolean());
  }

  private static RandomConstraint json(Random random, Grammar grammar) {
    JsonNode schema = new RandomSchemas(random).next();
    JsonStyle style = style(random);
    Schema validator = REGISTRY.getSchema(schema);
    return new RandomConstraint(
        Kind.JSON,
        grammar.json(schema, style),
        style + " " + schema,
        text -> conforms(validator, text));
  }

  private static String conforms(Schema validator, String text) {
    try {
      JsonNode value = MAPPER.readTree(text);
      return value.isMissingNode() ? "no value" : join(validator.validate(value));
    } catch (JsonProcessingException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String join(List<?> errors) {
    return errors.isEmpty() ? "" : errors.toString();
  }

  private static RandomConstraint callOf(Random random, Grammar grammar) {
    Map<String, JsonNode> tools = new LinkedHashMap<>();
    some(WORDS, random).forEach(name -> tools.put(name, new RandomSchemas(random).next()));
    List<NamedSchema> named = new ArrayList<>();
    Map<String, Schema> validators = new HashMap<>();
    tools.forEach(
        (name, schema) -> {
          named.add(new NamedSchema(name, schema));
          validators.put(name, REGISTRY.getSchema(schema));
        });
    return new RandomConstraint(
        Kind.CALL_OF,
        grammar.call(named, "Action: ", "\nAction Input: ", style(random)),
        tools.toString(),
        text -> called(validators, text));
  }

  private static String called(Map<String, Schema> tools, String text) {
    String[] parts = text.split("\nAction Input: ", 2);
    if (!text.startsWith("Action: ") || parts.length < 2) {
      return "not a call";
    }
    Schema schema = tools.get(parts[0].substring("Action: ".length()));
    return schema == null ? "no such tool" : conforms(schema, parts[1]);
  }

  private static RandomConstraint oneOf(Random random, Grammar grammar) {
    List<String> texts = some(Stream.concat(WORDS.stream(), ENDINGS.stream()).toList(), random);
    return new RandomConstraint(
        Kind.ONE_OF,
        grammar.oneOf(texts),
        texts.toString(),
        text -> texts.contains(text) ? "" : "none of them");
  }

  private static RandomConstraint endsWith(Random random, Grammar grammar) {
    List<String> endings = some(ENDINGS, random);
    return new RandomConstraint(
        Kind.ENDS_WITH,
        grammar.freeTextThenOneOf(endings),
        endings.toString(),
        text -> endsAtFirst(endings, text));
  }

  private static String endsAtFirst(List<String> endings, String text) {
    int first =
        endings.stream()
            .filter(text::contains)
            .mapToInt(ending -> text.indexOf(ending) + ending.length())
            .min()
            .orElse(-1);
    return first == text.length() ? "" : "the first ending is complete at " + first;
  }

  private static RandomConstraint names(Random random, Grammar grammar) {
    List<String> endings = some(ENDINGS, random);
    List<String> names = some(WORDS, random);
    Pattern sentence =
        Pattern.compile("(?:^|\\. )" + SENTENCE + "(?!(?:" + quoted(names) + ")[ .,;:!?\n])");
    return new RandomConstraint(
        Kind.NAMES,
        grammar.freeTextThenOneOf(endings, SENTENCE, names),
        endings + " " + names,
        text -> {
          Matcher wrong = sentence.matcher(text);
          return wrong.find() ? "no name at " + wrong.end() : endsAtFirst(endings, text);
        });
  }

  private static String quoted(List<String> names) {
    return String.join("|", names.stream().map(Pattern::quote).toList());
  }

  private static RandomConstraint matches(Random random, Grammar grammar) {
    String regex = RandomPatterns.next(random);
    Pattern pattern = Pattern.compile(regex);
    return new RandomConstraint(
        Kind.MATCHES,
        grammar.regex(regex),
        regex,
        text -> matches(pattern, text) ? "" : "no match");
  }

  /** Java's matcher goes back and forth, sometimes for years: after a while it is let be. */
  private static boolean matches(Pattern pattern, String text) {
    try {
      return pattern.matcher(new PatientText(text)).matches();
    } catch (PatientText.OutOfPatience e) {
      UNDECIDED.incrementAndGet();
      return true;
    }
  }

  /** Texts of which the judge could not say whether they match, since the JVM began. */
  static long undecided() {
    return UNDECIDED.get();
  }

  /** A text that may be looked at so many times and no more. */
  private static final class PatientText implements CharSequence {
    private static final long LOOKS = 20_000_000;
    private final String text;
    private long looks;

    private static final class OutOfPatience extends RuntimeException {
      private static final long serialVersionUID = 1;
    }

    PatientText(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++looks > LOOKS) {
        throw new OutOfPatience();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** One to all of these. */
  private static List<String> some(List<String> all, Random random) {
    List<String> chosen = new ArrayList<>(all);
    Collections.shuffle(chosen, random);
    return List.copyOf(chosen.subList(0, 1 + random.nextInt(all.size())));
  }
}
