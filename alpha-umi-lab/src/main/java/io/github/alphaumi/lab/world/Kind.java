package io.github.alphaumi.lab.world;

import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.PythonJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A kind of values: what they are in JSON and how people write them. Immutable. */
sealed interface Kind permits Kind.OneOf, Kind.Range, Kind.Code, Kind.Several, WorldKind {

  /** The same for two kinds if a value of one can be given where the other is wanted. */
  String id();

  /** A value, as JSON has it. */
  Object draw(Draws draws);

  /**
   * The value as a person writes it.
   *
   * @param before the words before it
   * @param after the words after it
   */
  Spelling write(Object value, Draws draws, String before, String after);

  /** What a model is told of it. */
  JsonSchemaElement schema(String description);

  /** Whether there are so many values that two of them make a task of their own. */
  default boolean isOpen() {
    return true;
  }

  /** A number as JSON has it: without a fraction if it has none. */
  static Object number(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0
        ? (Object) value.intValueExact()
        : (Object) value.doubleValue();
  }

  /**
   * One of some words.
   *
   * @param closed whether the model is told them
   * @param otherWords of a value, by value
   */
  record OneOf(String id, List<String> values, Map<String, String> otherWords, boolean closed)
      implements Kind {
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]{2,}");
    private static final double CONSTANT_IN_WORDS = 0.97;
    private static final double QUOTED = 0.06;

    @Override
    public Object draw(Draws draws) {
      return draws.pick(values);
    }

    @Override
    public Spelling write(Object value, Draws draws, String before, String after) {
      String text = String.valueOf(value);
      String other = otherWords.get(text);
      double share = isConstant(text) ? CONSTANT_IN_WORDS : 0.6;
      if (other != null && draws.chance(share)) {
        return Spelling.of(other);
      }
      boolean free = before.endsWith(" ") && (after.isEmpty() || after.matches("(?s)[ ,].*"));
      return Spelling.of(
          free && !text.contains("\"") && draws.chance(QUOTED) ? "\"" + text + "\"" : text);
    }

    /** Whether it looks like a constant of a program: nobody writes it that way. */
    static boolean isConstant(String value) {
      return CONSTANT.matcher(value).matches();
    }

    @Override
    public JsonSchemaElement schema(String description) {
      return closed
          ? JsonEnumSchema.builder()
              .description(description + ": " + String.join(" or ", values))
              .enumValues(values)
              .build()
          : JsonStringSchema.builder().description(description).build();
    }

    @Override
    public boolean isOpen() {
      return values.size() > 3;
    }
  }

  /** Numbers from, to and in steps. */
  record Range(String id, BigDecimal from, BigDecimal to, BigDecimal step, boolean whole)
      implements Kind {
    @Override
    public Object draw(Draws draws) {
      int steps = to.subtract(from).divideToIntegralValue(step).intValueExact();
      return number(from.add(step.multiply(BigDecimal.valueOf(draws.below(steps + 1)))));
    }

    @Override
    public Spelling write(Object value, Draws draws, String before, String after) {
      boolean free = before.isEmpty() || before.endsWith(" ");
      return Spelling.of(
          free && value instanceof Integer n && NumberWords.has(n) && draws.chance(0.2)
              ? NumberWords.of(n)
              : PythonJson.write(value));
    }

    @Override
    public JsonSchemaElement schema(String description) {
      return whole
          ? JsonIntegerSchema.builder().description(description).build()
          : JsonNumberSchema.builder().description(description).build();
    }
  }

  /**
   * Identifiers.
   *
   * @param patterns {@code #} is a digit, {@code ?} a capital letter, {@code *} a small letter or
   *     digit
   * @param known how a person writes one; empty if it is no entity
   * @param again how a person means one that was just spoken of
   */
  record Code(String id, List<String> patterns, List<Phrase> known, List<String> again)
      implements Kind {
    @Override
    public Object draw(Draws draws) {
      return draws.code(patterns);
    }

    @Override
    public Spelling write(Object value, Draws draws, String before, String after) {
      boolean said = before.matches("(?is).*\\b(?:id|number|code|no|ref) ");
      if (known.isEmpty() || said) {
        return Spelling.of(String.valueOf(value)); // Not "order number order A-4711".
      }
      Phrase phrase = draws.pick(known);
      return new Spelling(
          phrase.literals().get(0), String.valueOf(value), phrase.literals().get(1), false, false);
    }

    @Override
    public JsonSchemaElement schema(String description) {
      return JsonStringSchema.builder().description(description).build();
    }

    boolean isEntity() {
      return !known.isEmpty();
    }
  }

  /** Two or three values of a kind, given together. */
  record Several(Kind of) implements Kind {
    private static final int MOST = 3;

    @Override
    public String id() {
      return "several " + of.id();
    }

    @Override
    public Object draw(Draws draws) {
      Set<Object> values = new LinkedHashSet<>();
      int wanted = draws.chance(0.15) ? 1 : draws.between(2, MOST);
      for (int i = 0; i < 10 && values.size() < wanted; i++) {
        values.add(of.draw(draws));
      }
      return List.copyOf(values);
    }

    @Override
    public Spelling write(Object value, Draws draws, String before, String after) {
      List<String> written = new ArrayList<>();
      for (Object one : (List<?>) value) {
        Spelling spelling = of.write(one, draws, before, after);
        written.add(spelling.before() + spelling.value() + spelling.after());
      }
      int last = written.size() - 1;
      return Spelling.of(
          last == 0
              ? written.get(0)
              : String.join(", ", written.subList(0, last))
                  + draws.pick(List.of(" and ", " and ", ", "))
                  + written.get(last));
    }

    @Override
    public JsonSchemaElement schema(String description) {
      return JsonArraySchema.builder()
          .description(description)
          .items(of.schema("one of them"))
          .build();
    }

    @Override
    public boolean isOpen() {
      return false;
    }
  }

  /** An ISO date, as models are told of it. */
  static JsonSchemaElement dateSchema(String description) {
    Map<String, String> schema = new LinkedHashMap<>();
    schema.put("type", "string");
    schema.put("format", "date");
    schema.put("description", description + " as YYYY-MM-DD");
    return JsonRawSchema.from(PythonJson.write(schema));
  }

  /** True or false. */
  static JsonSchemaElement booleanSchema(String description) {
    return JsonBooleanSchema.builder().description(description).build();
  }
}
