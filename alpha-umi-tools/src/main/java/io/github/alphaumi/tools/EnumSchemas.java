package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Enum constants as Jackson writes and reads them, which is their name unless the enum says
 * otherwise: a model then reads in results what it may write in arguments.
 */
final class EnumSchemas {
  private EnumSchemas() {}

  static ObjectNode schema(JavaType type) throws UnsupportedTypeException {
    ObjectNode schema = ToolJson.ARGUMENTS.createObjectNode().put("type", "string");
    ArrayNode values = schema.putArray("enum");
    for (Object constant : type.getRawClass().getEnumConstants()) {
      values.add(text(type, constant));
    }
    return schema;
  }

  private static String text(JavaType type, Object constant) throws UnsupportedTypeException {
    try {
      JsonNode text = ToolJson.ARGUMENTS.valueToTree(constant);
      if (text.isTextual() && ToolJson.ARGUMENTS.convertValue(text, type) == constant) {
        return text.textValue();
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same remedy
    }
    throw new UnsupportedTypeException(
        "its constant " + constant + " is not read from the text that Jackson writes for it");
  }
}
