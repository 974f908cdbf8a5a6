package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A tool's name and the JSON Schema of its arguments; null if it takes none. */
record NamedSchema(String name, @Nullable JsonNode schema) {

  /** Whether the schema names any argument, or allows for some: else the arguments are "{}". */
  boolean takesArguments() {
    if (schema == null || !schema.isObject()) {
      return schema != null && schema.isBoolean();
    }
    ObjectNode constraints = SchemaMerge.constraints(schema);
    constraints.remove("type");
    if (constraints.path("properties").isEmpty()) {
      constraints.remove("properties");
    }
    if (constraints.path("required").isEmpty()) {
      constraints.remove("required");
    }
    if (!constraints.path("additionalProperties").asBoolean(true)) {
      constraints.remove("additionalProperties");
    }
    return !constraints.isEmpty();
  }
}
