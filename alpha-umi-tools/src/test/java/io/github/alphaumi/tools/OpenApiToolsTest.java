package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pet shop over HTTP, and an agent's tools made of its document. */
@Timeout(60)
class OpenApiToolsTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<Integer, String> pets = new ConcurrentHashMap<>(Map.of(7, "Rex"));
  private final AtomicInteger breakdowns = new AtomicInteger(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getRawPath().substring("/v1".length());
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body;
    requests.add(line.strip());
    boolean open = path.matches("/(names|broken|endless|elsewhere|login).*");
    if (!open && !"secret".equals(exchange.getRequestHeaders().getFirst("X-Key"))) {
      answer(exchange, 401, "text/plain", "who are you?");
    } else if (path.equals("/pets") && exchange.getRequestMethod().equals("GET")) {
      Map<String, String> seen = new TreeMap<>();
      seen.put("language", exchange.getRequestHeaders().getFirst("X-Language"));
      seen.put("cookie", exchange.getRequestHeaders().getFirst("Cookie"));
      answer(exchange, 200, "application/json", "[{\"id\": 7, \"seen\": \"" + seen + "\"}]");
    } else if (path.equals("/pets")) {
      answer(exchange, 201, "application/json; charset=utf-8", body);
    } else if (path.equals("/broken") && breakdowns.getAndDecrement() > 0) {
      answer(exchange, 503, "text/plain", "stack trace");
    } else if (path.equals("/endless")) {
      answer(exchange, 200, "text/plain", "x".repeat(100_000));
    } else if (path.equals("/elsewhere")) {
      exchange.getResponseHeaders().add("Location", "http://169.254.169.254/");
      answer(exchange, 302, "text/plain", "");
    } else if (path.equals("/login")) {
      answer(exchange, 200, "text/plain", exchange.getRequestHeaders().getFirst("Authorization"));
    } else if (path.endsWith("/photo")) {
      answer(exchange, 200, "image/png", "\u0089PNG");
    } else if (path.startsWith("/names/")) {
      answer(exchange, 200, "text/plain", path.substring("/names/".length()));
    } else if (path.matches("/pets/\\d+")) {
      pet(exchange, Integer.parseInt(path.substring("/pets/".length())), body);
    } else {
      answer(exchange, 200, "text/plain", "works again");
    }
  }

  private void pet(HttpExchange exchange, int id, String body) throws IOException {
    if (!pets.containsKey(id)) {
      answer(exchange, 404, "text/plain", "no pet " + id + " in table PETS_PROD");
    } else if (exchange.getRequestMethod().equals("DELETE")) {
      pets.remove(id);
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    } else {
      String name = body.isEmpty() ? pets.get(id) : body;
      answer(exchange, 200, "application/json", "{\"id\": " + id + ", \"name\": \"" + name + "\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Path document() {
    try {
      return Path.of(OpenApiToolsTest.class.getResource("pets.yaml").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/v1");
  }

  private OpenApiTools.Builder builder() {
    return OpenApiTools.builder(document())
        .server(address())
        .credential("key", () -> "secret")
        .credential("password", () -> "ann:pw")
        .allowPrivateAddresses();
  }

  private Observation call(Toolbox tools, String name, String arguments) {
    return Calls.run(tools, name, arguments);
  }

  @Test
  void should_make_a_tool_of_each_operation_that_can_be_called() {
    assertThat(builder().build().specifications())
        .extracting(ToolSpecification::name)
        .containsExactly(
            "findPets",
            "addPet",
            "getPet",
            "renamePet",
            "delete_pets_petId",
            "getPhoto",
            "petByName",
            "broken",
            "endless",
            "elsewhere",
            "login");
  }

  @ParameterizedTest
  @CsvSource({
    "findPets, READ_ONLY",
    "addPet, EFFECTFUL",
    "renamePet, IDEMPOTENT",
    "delete_pets_petId, IDEMPOTENT"
  })
  void should_take_the_effect_from_the_method(String operation, Effect effect) {
    assertThat(builder().build().effect(operation)).isEqualTo(effect);
  }

  @Test
  void should_describe_parameters_and_bodies() {
    ToolSpecification find = builder().build().specifications().get(0);
    assertThat(find.description()).isEqualTo("Finds pets by status. Results come in pages.");
    assertThat(find.parameters().properties())
        .containsOnlyKeys("status", "page", "tags", "X-Language", "session");
    ToolSpecification add = builder().build().specifications().get(1);
    assertThat(add.parameters().properties())
        .containsOnlyKeys("name", "parent", "status", "born", "weight");
    assertThat(add.parameters().required()).containsExactlyInAnyOrder("name", "status");
  }

  @Test
  void should_send_arguments_where_they_belong() {
    Observation found =
        call(
            builder().build(),
            "findPets",
            "{\"status\": [\"sold\", \"pending\"], \"page\": 2, \"tags\": [\"a b\", \"c\"],"
                + " \"X-Language\": \"de\", \"session\": \"s 1\"}");
    assertThat(requests)
        .containsExactly("GET /v1/pets?status=sold&status=pending&page=2&tags=a+b%2Cc");
    assertThat(found.text()).contains("language=de").contains("cookie=session=s+1");
  }

  @Test
  void should_send_a_body_of_the_members_that_were_given() {
    Observation added =
        call(
            builder().build(),
            "addPet",
            "{\"name\": \"Ada\", \"status\": \"sold\", \"weight\": 3.5,"
                + " \"parent\": {\"name\": \"Eve\"}}");
    assertThat(added)
        .isEqualTo(
            Observation.ok(
                "{\"name\": \"Ada\", \"parent\": {\"name\": \"Eve\"}, \"status\": \"sold\","
                    + " \"weight\": 3.5}"));
  }

  @Test
  void should_send_forms() {
    assertThat(call(builder().build(), "renamePet", "{\"petId\": 7, \"name\": \"A & B\"}").text())
        .contains("name=A+%26+B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"\", \"status\": \"sold\"}",
        "{\"name\": \"Ada\"}",
        "{\"name\": \"Ada\", \"status\": \"lost\"}",
        "{\"name\": \"Ada\", \"status\": \"sold\", \"weight\": 0}",
        "{\"name\": \"Ada\", \"status\": \"sold\", \"parent\": {}}",
        "{\"name\": \"Ada\", \"status\": \"sold\", \"owner\": \"me\"}"
      })
  void should_send_nothing_that_the_document_does_not_allow(String arguments) {
    assertThat(call(builder().build(), "addPet", arguments).status()).isEqualTo(Status.INVALID);
    assertThat(requests).isEmpty();
  }

  @Test
  void should_say_that_an_answer_without_text_is_done() {
    assertThat(call(builder().build(), "delete_pets_petId", "{\"petId\": 7}"))
        .isEqualTo(Observation.ok("{\"result\": \"done\"}"));
    assertThat(pets).isEmpty();
  }

  @Test
  void should_tell_the_status_of_a_failure_and_its_text_only_if_allowed() {
    Observation hidden = call(builder().build(), "getPet", "{\"petId\": 8}");
    assertThat(hidden.status()).isEqualTo(Status.FAILED);
    assertThat(hidden.text()).contains("status 404").doesNotContain("PETS_PROD");
    Toolbox open = builder().defaultPolicy(ToolPolicy.defaults().withExposedErrors()).build();
    assertThat(call(open, "getPet", "{\"petId\": 8}").text()).contains("no pet 8");
  }

  @Test
  void should_try_again_what_may_be_better_then() {
    ToolPolicy policy =
        ToolPolicy.defaults()
            .withEffect(Effect.READ_ONLY)
            .withAttempts(2, java.time.Duration.ofMillis(1));
    Toolbox tools = builder().policy("broken", policy).build();
    assertThat(call(tools, "broken", "{}").text()).contains("works again");
  }

  @Test
  void should_refuse_answers_that_are_too_long_or_cannot_be_shown() {
    Toolbox tools = builder().maxResponseBytes(1_000).build();
    assertThat(call(tools, "endless", "{}").text()).contains("more than 1000 bytes");
    assertThat(call(tools, "getPhoto", "{\"petId\": 7}").text()).contains("image/png");
  }

  @Test
  void should_not_follow_redirections() {
    assertThat(call(builder().build(), "elsewhere", "{}").text()).contains("status 302");
    HttpClient follower =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    assertThatThrownBy(() -> builder().client(follower))
        .hasMessageContaining("it follows redirections ALWAYS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "."})
  void should_not_let_a_value_climb_in_the_path(String name) {
    Observation observation = call(builder().build(), "petByName", "{\"name\": \"" + name + "\"}");
    assertThat(observation.status()).isEqualTo(Status.INVALID);
    assertThat(requests).isEmpty();
  }

  @Test
  void should_keep_a_value_in_its_segment() {
    assertThat(call(builder().build(), "petByName", "{\"name\": \"../a?b#c d\"}").text())
        .contains("..%2Fa%3Fb%23c%20d");
  }

  @Test
  void should_send_basic_credentials() {
    assertThat(call(builder().build(), "login", "{}").text()).contains("Basic YW5uOnB3");
  }

  @Test
  void should_not_reach_into_the_private_network_unless_allowed() {
    Toolbox tools =
        OpenApiTools.builder(document())
            .server(address())
            .credential("key", () -> "secret")
            .operations("getPet")
            .build();
    assertThat(call(tools, "getPet", "{\"petId\": 7}").text())
        .contains("requests to localhost are not allowed");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "ff02::1"
      })
  void should_know_addresses_that_are_not_public(String address) throws UnknownHostException {
    assertThat(HttpTarget.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:4860:4860::8888"})
  void should_know_public_addresses(String address) throws UnknownHostException {
    assertThat(HttpTarget.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void should_say_everything_that_is_wrong_at_once() {
    assertThatThrownBy(
            () ->
                OpenApiTools.builder(document())
                    .credential("keys", () -> "")
                    .operations("uploadPhoto", "getPets", "getPet")
                    .policy("getPat", ToolPolicy.defaults())
                    .build())
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("uploadPhoto: its body is [image/png], and JSON or a form is needed")
        .hasMessageContaining("operation getPets: the document has none")
        .hasMessageContaining("policy of getPat")
        .hasMessageContaining("getPet: it asks who calls; set a credential for key")
        .hasMessageContaining("credential for keys: the document has none; it has [key, password]");
  }

  @Test
  void should_say_that_a_file_is_no_document() {
    assertThatThrownBy(() -> OpenApiTools.builder(Path.of("pom.xml")).build())
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("pom.xml: this is no OpenAPI 3 document");
  }
}
