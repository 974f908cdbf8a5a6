package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What proves who asks, and where a request has it.
 *
 * @param place header, query or cookie
 */
record HttpKey(String place, String name, Supplier<String> value) {

  static HttpKey of(JsonNode scheme, Supplier<String> value) throws UnsupportedTypeException {
    return switch (scheme.path("type").asText()) {
      case "apiKey" -> new HttpKey(scheme.path("in").asText(), scheme.path("name").asText(), value);
      case "oauth2", "openIdConnect" -> bearer(value);
      case "http" ->
          scheme.path("scheme").asText().toLowerCase(Locale.ROOT).equals("basic")
              ? new HttpKey("header", "Authorization", () -> basic(value.get()))
              : bearer(value);
      default ->
          throw new UnsupportedTypeException(
              "its security scheme " + scheme.path("type") + " is not supported");
    };
  }

  private static HttpKey bearer(Supplier<String> value) {
    return new HttpKey("header", "Authorization", () -> "Bearer " + value.get());
  }

  private static String basic(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
