package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Effect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operation of a document.
 *
 * @param method in capitals
 * @param shared what the path says of all its operations
 */
record OpenApiOperation(JsonNode api, String path, String method, JsonNode shared, JsonNode own) {
  private static final Logger LOG = LoggerFactory.getLogger(OpenApiOperation.class);
  private static final List<String> METHODS =
      List.of("get", "head", "put", "post", "patch", "delete", "options");
  private static final Set<String> PAGES =
      Set.of("page", "offset", "cursor", "page_token", "pagetoken", "starting_after", "after");

  static List<OpenApiOperation> all(JsonNode api) {
    List<OpenApiOperation> operations = new ArrayList<>();
    for (var path : api.path("paths").properties()) {
      for (String method : METHODS) {
        JsonNode own = path.getValue().path(method);
        if (own.isObject()) {
          operations.add(
              new OpenApiOperation(
                  api, path.getKey(), method.toUpperCase(Locale.ROOT), path.getValue(), own));
        }
      }
    }
    return operations;
  }

  /** Its {@code operationId}, or a name made of method and path. */
  String id() {
    String given = own.path("operationId").asText();
    return given.isEmpty()
        ? method.toLowerCase(Locale.ROOT)
            + path.replaceAll("[^\\p{L}\\p{N}]+", "_").replaceAll("_$", "")
        : given;
  }

  Effect effect() {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS" -> Effect.READ_ONLY;
      case "PUT", "DELETE" -> Effect.IDEMPOTENT;
      default -> Effect.EFFECTFUL;
    };
  }

  /**
   * @param wanted whether it was asked for by name, so that it is a problem if it cannot be called
   */
  Optional<CheckedTool> tool(
      HttpTarget target,
      ToolPolicy policy,
      Map<String, Supplier<String>> credentials,
      boolean wanted,
      Problems problems) {
    try {
      return Optional.of(tool(target, policy, credentials));
    } catch (UnsupportedTypeException e) {
      if (wanted) {
        problems.add("operation " + id() + ": " + e.getMessage());
      } else {
        LOG.info("operation {} is left out: {}", id(), e.getMessage());
      }
      return Optional.empty();
    }
  }

  private CheckedTool tool(
      HttpTarget target, ToolPolicy policy, Map<String, Supplier<String>> credentials)
      throws UnsupportedTypeException {
    OpenApiSchemas schemas = new OpenApiSchemas(api);
    ObjectNode schema = ToolJson.ARGUMENTS.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    List<HttpArgument> arguments = new ArrayList<>();
    for (JsonNode parameter : parameters()) {
      String name = unused(parameter.path("name").asText(), properties);
      properties.set(name, described(schemas, parameter));
      if (parameter.path("required").asBoolean()) {
        required.add(name);
      }
      arguments.add(HttpArgument.of(name, parameter));
    }
    HttpBody body = HttpBody.of(api, own.path("requestBody"), schemas, properties, required);
    schema.put("additionalProperties", false);
    if (!schemas.definitions().isEmpty()) {
      schema.set("$defs", schemas.definitions());
    }
    ToolSpecification specification =
        ToolSpecification.builder()
            .name(id())
            .description(description())
            .parameters(PublishedSchemas.parameters(schema))
            .build();
    HttpCode code =
        new HttpCode(
            target, method, path, arguments, body, keys(credentials), policy.exposeErrors());
    return new CheckedTool(specification, schema, policy, code);
  }

  /** Parameters of the operation, and those of the path that it does not replace. */
  private List<JsonNode> parameters() {
    Map<String, JsonNode> parameters = new LinkedHashMap<>();
    for (JsonNode level : new JsonNode[] {shared, own}) {
      for (JsonNode written : level.path("parameters")) {
        JsonNode parameter = OpenApiDocument.resolved(api, written);
        parameters.put(
            parameter.path("in").asText() + " " + parameter.path("name").asText(), parameter);
      }
    }
    // The standard says that these three are not parameters even where they are written as such.
    parameters
        .keySet()
        .removeIf(key -> key.matches("(?i)header (accept|content-type|authorization)"));
    return List.copyOf(parameters.values());
  }

  private static String unused(String name, ObjectNode properties) {
    String unused = name;
    for (int i = 2; properties.has(unused); i++) {
      unused = name + i;
    }
    return unused;
  }

  private static ObjectNode described(OpenApiSchemas schemas, JsonNode parameter) {
    JsonNode content = parameter.path("content").path("application/json").path("schema");
    ObjectNode schema = schemas.schema(content.isObject() ? content : parameter.path("schema"));
    if (parameter.has("description") && !schema.has("$ref")) {
      schema.set("description", parameter.get("description"));
    }
    return schema;
  }

  private String description() {
    String summary = own.path("summary").asText().strip();
    String longer = own.path("description").asText().strip();
    String text = summary.isEmpty() || longer.contains(summary) ? longer : summary;
    boolean paged =
        parameters().stream()
            .anyMatch(
                parameter ->
                    parameter.path("in").asText().equals("query")
                        && PAGES.contains(
                            parameter.path("name").asText().toLowerCase(Locale.ROOT)));
    return paged ? text.replaceFirst("[.]?$", ". Results come in pages.") : text;
  }

  /** What has to be sent to be let in: the first alternative for which there is everything. */
  private List<HttpKey> keys(Map<String, Supplier<String>> credentials)
      throws UnsupportedTypeException {
    JsonNode alternatives = own.has("security") ? own.get("security") : api.path("security");
    if (alternatives.isEmpty()) {
      return List.of();
    }
    List<String> missing = new ArrayList<>();
    for (JsonNode alternative : alternatives) {
      List<String> names = new ArrayList<>();
      alternative.fieldNames().forEachRemaining(names::add);
      if (credentials.keySet().containsAll(names)) {
        List<HttpKey> keys = new ArrayList<>();
        for (String name : names) {
          JsonNode scheme =
              OpenApiDocument.resolved(api, api.at("/components/securitySchemes").path(name));
          keys.add(HttpKey.of(scheme, credentials.get(name)));
        }
        return keys;
      }
      missing.add(String.join(" and ", names));
    }
    throw new UnsupportedTypeException(
        "it asks who calls; set a credential for " + String.join(" or for ", missing));
  }
}
