package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.alphaumi.core.AlphaUmiException;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads OpenAPI documents as trees of JSON in which references lead to components alone. */
final class OpenApiDocument {
  private OpenApiDocument() {}

  /**
   * @throws AlphaUmiException if it cannot be read
   */
  static JsonNode read(String document) {
    SwaggerParseResult parsed;
    try {
      ParseOptions options = new ParseOptions();
      options.setResolve(true);
      // Documents that it refers to may not be fetched from inside the host's network.
      options.setSafelyResolveURL(true);
      parsed = new OpenAPIV3Parser().readLocation(document, null, options);
    } catch (NoClassDefFoundError e) {
      throw new AlphaUmiException(
          "reading an OpenAPI document needs io.swagger.parser.v3:swagger-parser-v3; add it to the"
              + " class path",
          e);
    }
    if (parsed.getOpenAPI() == null) {
      List<String> messages = parsed.getMessages() == null ? List.of() : parsed.getMessages();
      throw new AlphaUmiException(
          document + ": this is no OpenAPI 3 document that can be read: " + messages);
    }
    return parsed.getOpenAPI().getSpecVersion() == SpecVersion.V31
        ? Json31.mapper().valueToTree(parsed.getOpenAPI())
        : Json.mapper().valueToTree(parsed.getOpenAPI());
  }

  /** The first server, its variables at their defaults, resolved against where the document is. */
  static URI server(JsonNode api, String document) {
    JsonNode first = api.path("servers").path(0);
    String url = first.path("url").asText();
    for (var variable : first.path("variables").properties()) {
      url =
          url.replace("{" + variable.getKey() + "}", variable.getValue().path("default").asText());
    }
    URI server = URI.create(url.isEmpty() ? "/" : url);
    if (!server.isAbsolute() && document.matches("https?://.*")) {
      server = URI.create(document).resolve(server);
    }
    if (!server.isAbsolute()) {
      throw new AlphaUmiException(
          document + ": it names no server that can be reached from here; set server(…)");
    }
    return server;
  }

  static Set<String> schemes(JsonNode api) {
    Set<String> names = new LinkedHashSet<>();
    api.at("/components/securitySchemes").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Where a reference leads, or the node itself if it is none. */
  static JsonNode resolved(JsonNode api, JsonNode node) {
    JsonNode target = node;
    for (int hops = 0; target.has("$ref") && hops < 16; hops++) {
      target = api.at(target.get("$ref").asText().replaceFirst("^#", ""));
    }
    return target;
  }
}
