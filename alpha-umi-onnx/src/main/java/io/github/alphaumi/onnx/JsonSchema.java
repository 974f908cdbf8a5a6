package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Compiles a JSON Schema (the part of draft 2020-12 that tools use) to an expression.
 *
 * <p>What it generates conforms, if the alternatives of {@code oneOf} exclude each other: it is
 * taken as {@code anyOf}. What conforms may be wider: numbers have at most 18 digits, patterns
 * match whole strings, values of any type nest at most {@value #ANY_DEPTH} deep. No declared member
 * comes twice; whether undeclared ones do is not watched. Keywords that only describe ({@code
 * format} is one) are ignored, keywords it cannot hold to are refused. Used once, by one thread.
 */
final class JsonSchema {
  private static final int ANY_DEPTH = 8;
  private static final int DEPTH = 100;
  private static final int PARTS = 100_000;
  private static final int DEFINITIONS = 2_000;

  private final Arena arena;
  private final JsonText text;
  private final JsonNode root;
  private final JsonValues values;
  private final Map<String, Reference> references = new HashMap<>();
  private final Deque<Runnable> pending = new ArrayDeque<>();
  private final Set<String> unproductive;
  private Set<String> open = new HashSet<>();
  private int depth;
  private int parts;

  private JsonSchema(JsonText text, JsonNode root, Set<String> unproductive) {
    this.arena = text.arena;
    this.text = text;
    this.root = root;
    this.unproductive = unproductive;
    this.values = new JsonValues(text, this::nested);
  }

  /** The values of {@code schema} without blanks around them; empty if there are none. */
  static Expression compile(JsonText text, JsonNode schema) {
    Set<String> unproductive = new HashSet<>();
    while (true) {
      JsonSchema compiler = new JsonSchema(text, schema, unproductive);
      Expression result = compiler.definition("#", () -> compiler.value(schema));
      while (!compiler.pending.isEmpty()) {
        compiler.pending.remove().run();
      }
      if (compiler.measure()) {
        return result;
      }
    }
  }

  /**
   * The least fixed point of the references' lengths. A reference that stays infinite has no finite
   * value (a node that requires a node); compiled again without it, what remains is alive.
   */
  private boolean measure() {
    boolean changed = true;
    while (changed) {
      changed = false;
      Map<Expression, Integer> known = new IdentityHashMap<>();
      for (Reference reference : references.values()) {
        changed |= reference.relax(part -> length(part, known));
      }
    }
    int before = unproductive.size();
    references.forEach(
        (name, reference) -> {
          if (!reference.isProductive()) {
            unproductive.add(name);
          }
        });
    return unproductive.size() == before;
  }

  private static int length(Expression part, Map<Expression, Integer> known) {
    Integer length = known.get(part);
    if (length == null) {
      length = part.computeShortest(child -> length(child, known));
      known.put(part, length);
    }
    return length;
  }

  /** A subschema whose value comes after a byte of its parent: recursion is possible here. */
  private Expression nested(JsonNode schema) {
    if (isPlainReference(schema)) {
      String pointer = schema.get("$ref").asText();
      return reference(
          pointer, () -> definition(pointer, () -> value(SchemaMerge.resolve(root, pointer))));
    }
    return definition("", () -> value(schema));
  }

  private static boolean isPlainReference(JsonNode schema) {
    return schema.isObject() && schema.has("$ref") && SchemaMerge.constraints(schema).size() == 1;
  }

  private Expression definition(String pointer, Supplier<Expression> body) {
    Set<String> outer = open;
    open = new HashSet<>(Set.of(pointer));
    Expression result = body.get();
    open = outer;
    return result;
  }

  private Expression reference(String name, Supplier<Expression> body) {
    if (unproductive.contains(name)) {
      return arena.empty;
    }
    Reference known = references.get(name);
    if (known == null) {
      if (references.size() >= DEFINITIONS) {
        throw new IllegalArgumentException(
            "the schema refers to more than " + DEFINITIONS + " places");
      }
      Reference created = new Reference(arena);
      references.put(name, created);
      pending.add(() -> created.define(body.get()));
      known = created;
    }
    return known;
  }

  /** Any JSON value, {@code left} levels deep. */
  private Expression any(int left) {
    Expression scalar =
        arena.alt(
            text.string,
            text.number(),
            arena.literal("true"),
            arena.literal("false"),
            arena.literal("null"));
    if (left == 0) {
      return scalar;
    }
    Expression child = reference("any " + left, () -> any(left - 1));
    return arena.alt(
        scalar,
        values.array(child, 0, Repeat.UNBOUNDED),
        Members.Shape.of(text, List.of(), child).object());
  }

  private Expression value(JsonNode schema) {
    if (++parts > PARTS || ++depth > DEPTH) {
      throw new IllegalArgumentException(
          parts > PARTS
              ? "the schema expands to more than " + PARTS + " parts"
              : "the schema is nested more than " + DEPTH + " deep; use $ref for recursion");
    }
    Expression result = schema.isBoolean() ? trivial(schema.asBoolean()) : object(schema);
    depth--;
    return result;
  }

  private Expression trivial(boolean all) {
    return all ? any(ANY_DEPTH) : arena.empty;
  }

  private Expression object(JsonNode schema) {
    if (!schema.isObject()) {
      throw new IllegalArgumentException("a schema is an object, true or false, and not " + schema);
    }
    ObjectNode constraints = SchemaMerge.constraints(schema);
    JsonNode pointer = constraints.remove("$ref");
    if (pointer != null) {
      return referred(pointer.asText(), constraints);
    }
    JsonNode all = constraints.remove("allOf");
    if (all != null) {
      JsonNode merged = constraints;
      for (JsonNode part : all) {
        merged = SchemaMerge.merge(merged, SchemaMerge.inline(root, part));
      }
      return value(merged);
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      JsonNode branches = constraints.remove(choice);
      if (branches != null) {
        List<Expression> parts = new ArrayList<>();
        for (JsonNode branch : branches) {
          boolean alone = constraints.isEmpty();
          parts.add(
              value(
                  alone
                      ? branch
                      : SchemaMerge.merge(constraints, SchemaMerge.inline(root, branch))));
        }
        return arena.alt(parts);
      }
    }
    return constraints.isEmpty() ? trivial(true) : values.of(constraints, open(constraints));
  }

  /**
   * The value of undeclared members. A schema that lists properties and says nothing of others
   * means these properties, where the style says so.
   */
  private Supplier<Expression> open(ObjectNode schema) {
    JsonNode additional = schema.get("additionalProperties");
    boolean closed = text.style.closed() && schema.has("properties");
    if (additional == null) {
      return () -> closed ? arena.empty : reference("any " + ANY_DEPTH, () -> any(ANY_DEPTH - 1));
    }
    return () -> nested(additional);
  }

  private Expression referred(String pointer, ObjectNode others) {
    // Nothing has been consumed since this pointer was entered, so it can add nothing to itself.
    if (unproductive.contains(pointer) || !open.add(pointer)) {
      return arena.empty;
    }
    JsonNode target = SchemaMerge.resolve(root, pointer);
    Expression result =
        value(
            others.isEmpty()
                ? target
                : SchemaMerge.merge(SchemaMerge.inline(root, target), others));
    open.remove(pointer);
    return result;
  }

  /** What stands for "no restriction". */
  static JsonNode anything() {
    return BooleanNode.TRUE;
  }
}
