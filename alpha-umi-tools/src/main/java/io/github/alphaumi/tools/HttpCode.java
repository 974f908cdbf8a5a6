package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request as the code of a tool. */
record HttpCode(
    HttpTarget target,
    String method,
    String path,
    List<HttpArgument> arguments,
    HttpBody body,
    List<HttpKey> keys,
    boolean exposeErrors)
    implements ToolCode {

  @Override
  public Work prepare(ObjectNode given, ToolContext context) throws UnreadableArgumentException {
    HttpRequest request;
    try {
      request = request(given, context.timeLeft());
    } catch (IllegalArgumentException e) {
      throw new UnreadableArgumentException("a value", e);
    }
    return () -> target.send(request, exposeErrors);
  }

  private HttpRequest request(ObjectNode given, Duration timeLeft)
      throws UnreadableArgumentException {
    String filled = path;
    List<String> query = new ArrayList<>();
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> cookies = new ArrayList<>();
    for (HttpArgument argument : arguments) {
      JsonNode value = given.get(argument.argument());
      if (value == null) {
        continue;
      }
      for (Map.Entry<String, String> entry : argument.values(value)) {
        switch (argument.place()) {
          case "path" ->
              filled = filled.replace("{" + argument.name() + "}", segment(argument, entry));
          case "query" -> query.add(encoded(entry.getKey()) + "=" + encoded(entry.getValue()));
          case "cookie" -> cookies.add(entry.getKey() + "=" + encoded(entry.getValue()));
          default -> headers.put(entry.getKey(), entry.getValue());
        }
      }
    }
    for (HttpKey key : keys) {
      switch (key.place()) {
        case "query" -> query.add(encoded(key.name()) + "=" + encoded(key.value().get()));
        case "cookie" -> cookies.add(key.name() + "=" + key.value().get());
        default -> headers.put(key.name(), key.value().get());
      }
    }
    if (!cookies.isEmpty()) {
      headers.put("Cookie", String.join("; ", cookies));
    }
    String address = target.base().toString().replaceFirst("/$", "") + filled;
    URI uri = URI.create(query.isEmpty() ? address : address + "?" + String.join("&", query));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).header("Accept", "application/json, text/*;q=0.5");
    if (!timeLeft.isNegative() && !timeLeft.isZero()) {
      request.timeout(timeLeft);
    }
    headers.forEach(request::setHeader);
    Optional<String> text = body.text(given);
    if (text.isPresent()) {
      request.setHeader("Content-Type", body.mediaType());
    }
    return request
        .method(
            method,
            text.map(HttpRequest.BodyPublishers::ofString)
                .orElseGet(HttpRequest.BodyPublishers::noBody))
        .build();
  }

  /** One segment of a path: a value must not lead elsewhere. */
  private static String segment(HttpArgument argument, Map.Entry<String, String> entry)
      throws UnreadableArgumentException {
    String value = entry.getValue();
    if (value.isEmpty() || value.equals(".") || value.equals("..")) {
      throw new UnreadableArgumentException(
          argument.argument(),
          new ToolException("it is a part of an address and cannot be empty, . or .."));
    }
    return encoded(value).replace("+", "%20");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
