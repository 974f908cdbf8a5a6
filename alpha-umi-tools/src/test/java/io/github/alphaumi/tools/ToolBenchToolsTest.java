package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a small server of the protocol, over HTTP. */
@Timeout(60)
class ToolBenchToolsTest {
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/virtual", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    JsonNode request = ToolJson.EXACT.readTree(exchange.getRequestBody().readAllBytes());
    requests.add(request);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("toolbench_key")));
    String answer =
        switch (ToolJson.EXACT
            .readTree(request.get("tool_input").asText())
            .path("ticker")
            .asText()) {
          case "MSFT" -> "{\"error\": \"\", \"response\": \"{'price': 431.5}\"}";
          case "JSON" -> "{\"error\": \"\", \"response\": {\"price\": 1}}";
          case "NONE" -> "{\"error\": \"Message error...\", \"response\": \"\"}";
          case "EMPTY" -> "{\"error\": \"\", \"response\": \"\"}";
          default -> "[]";
        };
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ToolSpecification specification() {
    return ToolSpecification.builder()
        .name("get_price_for_stocks")
        .description("Tells the price of a stock")
        .parameters(
            JsonObjectSchema.builder().addStringProperty("ticker").required("ticker").build())
        .build();
  }

  private ToolBenchTools.Builder builder() {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/virtual");
    return ToolBenchTools.builder(uri)
        .api(specification(), "Finance", "stocks", "get price")
        .key(() -> "secret");
  }

  private static Observation ask(Toolbox tools, String ticker) {
    return Calls.run(tools, "get_price_for_stocks", "{\"ticker\": \"" + ticker + "\"}");
  }

  @Test
  void should_send_what_the_protocol_asks_for() {
    Toolbox tools = builder().allowPrivateAddresses().strip(ToolBenchTools.Strip.FILTER).build();
    assertThat(ask(tools, "MSFT").text()).isEqualTo("{\"result\": \"{'price': 431.5}\"}");

    JsonNode sent = requests.get(0);
    assertThat(sent.get("category").asText()).isEqualTo("Finance");
    assertThat(sent.get("tool_name").asText()).isEqualTo("stocks");
    assertThat(sent.get("api_name").asText()).isEqualTo("get price");
    assertThat(sent.get("tool_input").asText()).isEqualTo("{\"ticker\":\"MSFT\"}");
    assertThat(sent.get("strip").asText()).isEqualTo("filter");
    assertThat(sent.get("toolbench_key").asText()).isEqualTo("secret");
    assertThat(keys).containsExactly("secret");
  }

  @Test
  void should_give_the_response_if_there_is_one_else_the_error() {
    Toolbox tools = builder().allowPrivateAddresses().build();

    assertThat(ask(tools, "JSON").text()).isEqualTo("{\"price\": 1}");
    assertThat(ask(tools, "EMPTY").text()).isEqualTo("{\"response\": \"\"}");
    Observation error = ask(tools, "NONE");
    assertThat(error.status()).isEqualTo(Status.FAILED);
    assertThat(error.text()).contains("Message error...");
    assertThat(ask(tools, "OTHER").text()).contains("neither a response nor an error");
  }

  @Test
  void should_check_a_call_before_it_is_sent() {
    Toolbox tools = builder().allowPrivateAddresses().build();

    assertThat(Calls.run(tools, "get_price_for_stocks", "{}").status()).isEqualTo(Status.INVALID);
    assertThat(requests).isEmpty();
  }

  @Test
  void should_not_reach_into_a_private_network_unless_allowed() {
    assertThat(ask(builder().build(), "MSFT").text()).contains("private network");
    assertThat(requests).isEmpty();
  }

  @Test
  void should_refuse_what_cannot_work() {
    assertThatThrownBy(() -> builder().api(specification(), "a", "b", "c"))
        .hasMessageContaining("added already");
    assertThatThrownBy(() -> ToolBenchTools.builder(URI.create("https://x.example")).build())
        .hasMessageContaining("add an api");
  }
}
