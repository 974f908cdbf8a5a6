package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of a request.
 *
 * @param mediaType empty if there is no body
 * @param members arguments that are members of the body
 * @param whole the argument that is all of the body, if its members have no names
 */
record HttpBody(String mediaType, List<String> members, Optional<String> whole) {
  private static final String FORM = "application/x-www-form-urlencoded";

  static HttpBody of(
      JsonNode api,
      JsonNode written,
      OpenApiSchemas schemas,
      ObjectNode properties,
      ArrayNode required)
      throws UnsupportedTypeException {
    JsonNode body = OpenApiDocument.resolved(api, written);
    JsonNode content = body.path("content");
    if (content.isEmpty()) {
      return new HttpBody("", List.of(), Optional.empty());
    }
    String type = mediaType(content);
    JsonNode declared = OpenApiDocument.resolved(api, content.get(type).path("schema"));
    ObjectNode schema = schemas.schema(declared);
    boolean flat =
        schema.path("properties").isObject()
            && schema.get("properties").propertyStream().noneMatch(m -> properties.has(m.getKey()));
    if (!flat) {
      String name = properties.has("body") ? "requestBody" : "body";
      properties.set(name, schema);
      if (body.path("required").asBoolean()) {
        required.add(name);
      }
      return new HttpBody(type, List.of(), Optional.of(name));
    }
    List<String> members = new ArrayList<>();
    for (var member : schema.get("properties").properties()) {
      members.add(member.getKey());
      properties.set(member.getKey(), member.getValue());
    }
    schema.path("required").forEach(required::add);
    return new HttpBody(type, members, Optional.empty());
  }

  private static String mediaType(JsonNode content) throws UnsupportedTypeException {
    List<String> types = new ArrayList<>();
    content.fieldNames().forEachRemaining(types::add);
    for (String type : types) {
      if (type.matches("application/([\\w.-]+\\+)?json.*")) {
        return type;
      }
    }
    if (types.contains(FORM)) {
      return FORM;
    }
    throw new UnsupportedTypeException("its body is " + types + ", and JSON or a form is needed");
  }

  /** The text of the body, empty if there is none. */
  Optional<String> text(ObjectNode arguments) {
    if (mediaType.isEmpty()) {
      return Optional.empty();
    }
    if (whole.isPresent()) {
      return Optional.ofNullable(arguments.get(whole.get())).map(JsonNode::toString);
    }
    ObjectNode object = ToolJson.ARGUMENTS.createObjectNode();
    members.stream()
        .filter(arguments::has)
        .forEach(member -> object.set(member, arguments.get(member)));
    return Optional.of(mediaType.equals(FORM) ? form(object) : object.toString());
  }

  private static String form(ObjectNode object) {
    List<String> pairs = new ArrayList<>();
    for (var member : object.properties()) {
      JsonNode value = member.getValue();
      pairs.add(
          encoded(member.getKey())
              + "="
              + encoded(value.isValueNode() ? value.asText() : value.toString()));
    }
    return String.join("&", pairs);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
