package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Toolbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes tools of the APIs behind a server of ToolBench's protocol, which evaluations of tool
 * learning call: ToolBench's own and StableToolBench's virtual one, or a server that answers alike.
 *
 * <pre>{@code
 * Toolbox tools =
 *     ToolBenchTools.builder(URI.create("https://tools.example.com/virtual"))
 *         .key(() -> key)
 *         .api(specification, "Finance", "yahoo_finance", "get_price")
 *         .build();
 * }</pre>
 *
 * <p>A call is one POST of JSON; its answer has an {@code error} and a {@code response}, of which
 * the model is given the response if there is one, else the error. Requests go to the server alone,
 * as those of {@link OpenApiTools} do.
 */
public final class ToolBenchTools {
  private static final int MAX_RESPONSE_BYTES = 1 << 20;

  private ToolBenchTools() {}

  /** The address that calls are posted to. */
  public static Builder builder(URI server) {
    return new Builder(server);
  }

  /** How a server shortens its answers: the words of the protocol in lower case. */
  public enum Strip {
    TRUNCATE,
    FILTER,
    RANDOM
  }

  private record Api(ToolSpecification specification, String category, String tool, String name) {}

  /** Not thread-safe. */
  public static final class Builder {
    private final URI server;
    private final Map<String, Api> apis = new LinkedHashMap<>();
    private Supplier<String> key = () -> "";
    private Strip strip = Strip.TRUNCATE;
    private ToolPolicy policy = ToolPolicy.defaults();
    private boolean privateAddresses;

    private Builder(URI server) {
      this.server = Objects.requireNonNull(server, "server");
    }

    /**
     * Adds an API.
     *
     * @param specification what models see; its arguments are sent under the names they have there
     * @param category the API's category as the server knows it
     * @param tool the standardised name of the API's tool
     * @param api the API's own name
     * @throws IllegalStateException if there is a tool of that name
     */
    public Builder api(ToolSpecification specification, String category, String tool, String api) {
      if (apis.putIfAbsent(specification.name(), new Api(specification, category, tool, api))
          != null) {
        throw new IllegalStateException("tool '" + specification.name() + "': added already");
      }
      return this;
    }

    /** What the server knows its users by; asked for before each request. */
    public Builder key(Supplier<String> key) {
      this.key = Objects.requireNonNull(key, "key");
      return this;
    }

    /** {@link Strip#TRUNCATE} by default. */
    public Builder strip(Strip strip) {
      this.strip = Objects.requireNonNull(strip, "strip");
      return this;
    }

    /** Sets the policy of all tools, such as a rate that the server allows. */
    public Builder policy(ToolPolicy policy) {
      this.policy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Lets requests go to loop-back, private and link-local addresses. */
    public Builder allowPrivateAddresses() {
      privateAddresses = true;
      return this;
    }

    /**
     * @throws AlphaUmiException if there is no API, or the policy repeats calls that must not be
     *     repeated
     * @throws IllegalArgumentException if the server is no address of the web
     */
    public Toolbox build() {
      if (apis.isEmpty()) {
        throw new AlphaUmiException(server + ": there is no tool; add an api");
      }
      HttpClient client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(Duration.ofSeconds(10))
              .build();
      HttpTarget target = new HttpTarget(server, privateAddresses, MAX_RESPONSE_BYTES, client);
      List<CheckedTool> tools = new ArrayList<>();
      for (Api api : apis.values()) {
        ObjectNode schema = ProvidedTools.schema(api.specification);
        tools.add(new CheckedTool(api.specification, schema, policy, code(api, target)));
      }
      return new CheckedToolbox(tools, ToolThreads.create(), System::nanoTime);
    }

    private ToolCode code(Api api, HttpTarget target) {
      Supplier<String> secret = key;
      String stripped = strip.name().toLowerCase(Locale.ROOT);
      boolean exposeErrors = policy.exposeErrors();
      return (arguments, context) -> {
        ObjectNode body = ToolJson.ARGUMENTS.createObjectNode();
        body.put("category", api.category).put("tool_name", api.tool).put("api_name", api.name);
        body.put("tool_input", arguments.toString()).put("strip", stripped);
        return () -> {
          String who = secret.get();
          body.put("toolbench_key", who);
          HttpRequest.Builder request =
              HttpRequest.newBuilder(target.base()).header("Content-Type", "application/json");
          if (!who.isEmpty()) {
            request.header("toolbench_key", who);
          }
          request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
          return result(target.send(request.build(), exposeErrors));
        };
      };
    }

    private static JsonNode result(@Nullable Object answer) throws IOException {
      JsonNode node = answer instanceof JsonNode tree ? tree : parsed(String.valueOf(answer));
      if (!node.isObject() || !node.has("response") && !node.has("error")) {
        throw new ToolException("the server's answer has neither a response nor an error");
      }
      JsonNode response = node.path("response");
      boolean empty = response.isTextual() ? response.asText().isBlank() : response.isEmpty();
      if (!empty || response.isNumber() || response.isBoolean()) {
        return response;
      }
      String error = node.path("error").asText("");
      if (error.isBlank()) {
        return ToolJson.RESULTS.createObjectNode().put("response", "");
      }
      throw new ToolException(error);
    }

    private static JsonNode parsed(String text) {
      try {
        return ToolJson.EXACT.readTree(text);
      } catch (JsonProcessingException e) {
        throw new ToolException("the server's answer is no JSON", e);
      }
    }
  }
}
