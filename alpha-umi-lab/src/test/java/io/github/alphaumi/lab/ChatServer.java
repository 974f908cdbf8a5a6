package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that speaks OpenAI's chat protocol and answers by a rule. */
final class ChatServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Rule rule;
  final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());

  /** What the server answers. */
  interface Rule {

    /**
     * @return the text, or a call: {@code name {"argument": value}}
     * @throws IOException for HTTP status 400
     */
    String answer(JsonNode request) throws IOException;
  }

  ChatServer(Rule rule) throws IOException {
    this.rule = rule;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The option's value that names its model. */
  String model() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1#tiny";
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    requests.add(request);
    int status = 200;
    String body;
    try {
      body = body(request, rule.answer(request));
    } catch (IOException e) {
      status = 400;
      body = "{\"error\": {\"message\": \"" + e.getMessage() + "\"}}";
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String body(JsonNode request, String answer) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    int brace = answer.indexOf(" {");
    if (request.has("tools") && brace > 0) {
      message.put(
          "tool_calls",
          List.of(
              Map.of(
                  "id", "call-1",
                  "type", "function",
                  "function",
                      Map.of(
                          "name", answer.substring(0, brace),
                          "arguments", answer.substring(brace + 1)))));
    } else {
      message.put("content", answer);
    }
    return PythonJson.write(
        Map.of(
            "id",
            "1",
            "model",
            "tiny",
            "choices",
            List.of(Map.of("index", 0, "message", message, "finish_reason", "stop")),
            "usage",
            Map.of("prompt_tokens", 10, "completion_tokens", 2, "total_tokens", 12)));
  }

  /** The last message of a request. */
  static String last(JsonNode request) {
    JsonNode messages = request.get("messages");
    return messages.get(messages.size() - 1).path("content").asText();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
