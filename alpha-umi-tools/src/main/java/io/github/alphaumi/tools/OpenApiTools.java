package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Toolbox;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes tools of the operations of an HTTP service that is described by an OpenAPI document
 * (versions 3.0 and 3.1, JSON or YAML). Needs {@code io.swagger.parser.v3:swagger-parser-v3} on the
 * class path.
 *
 * <pre>{@code
 * Toolbox tools =
 *     OpenApiTools.builder(Path.of("petstore.yaml"))
 *         .server(URI.create("https://petstore.example.com/v3"))
 *         .credential("api_key", () -> key)
 *         .operations("findPetsByStatus", "getPetById")
 *         .build();
 * }</pre>
 *
 * <p>An operation is called by its {@code operationId}. Its arguments are its parameters in path,
 * query, header and cookie, and the members of its JSON or form body. GET and HEAD count as
 * read-only, PUT and DELETE as idempotent, everything else as effectful.
 *
 * <p>Requests go to the server's host alone, redirections are not followed, and a name that leads
 * to a loop-back, private or link-local address is refused: a model must not reach into the network
 * that its host stands in. The name is looked up before each request and once more by the client,
 * so a host that is not trusted with its own name should not be allowed either. Answers outside 2xx
 * tell the model their status, and their text only under {@link ToolPolicy#exposeErrors()}.
 */
public final class OpenApiTools {
  private OpenApiTools() {}

  /** Reads the document from a file. */
  public static Builder builder(Path document) {
    return new Builder(document.toAbsolutePath().toString());
  }

  /** Reads the document from an address, once, when tools are built. */
  public static Builder builder(URI document) {
    return new Builder(document.toString());
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final String document;
    private final Map<String, Supplier<String>> credentials = new LinkedHashMap<>();
    private final Map<String, ToolPolicy> policies = new LinkedHashMap<>();
    private final Set<String> operations = new LinkedHashSet<>();
    private @Nullable URI server;
    private ToolPolicy defaultPolicy = ToolPolicy.defaults();
    private boolean privateAddresses;
    private int maxResponseBytes = 1 << 20;
    private @Nullable HttpClient client;

    private Builder(String document) {
      this.document = document;
    }

    /** Where requests go, by default to the first server of the document. */
    public Builder server(URI server) {
      this.server = Objects.requireNonNull(server, "server");
      return this;
    }

    /**
     * What proves who asks, for a security scheme of the document: an API key, a bearer token, or
     * {@code user:password} for HTTP basic authentication. Asked for before each request.
     */
    public Builder credential(String scheme, Supplier<String> value) {
      credentials.put(scheme, Objects.requireNonNull(value, "value"));
      return this;
    }

    /** Takes only these operations, by {@code operationId}; by default all that can be called. */
    public Builder operations(String... ids) {
      operations.addAll(List.of(ids));
      return this;
    }

    /** Sets the policy of one operation, its effect included. */
    public Builder policy(String operation, ToolPolicy policy) {
      policies.put(operation, Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /** Sets the policy of the others but for their effect, which the HTTP method tells. */
    public Builder defaultPolicy(ToolPolicy policy) {
      defaultPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Lets requests go to loop-back, private and link-local addresses. */
    public Builder allowPrivateAddresses() {
      privateAddresses = true;
      return this;
    }

    /** Longer answers are refused, 1 MiB by default. */
    public Builder maxResponseBytes(int bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("maxResponseBytes: " + bytes + " is less than 1");
      }
      maxResponseBytes = bytes;
      return this;
    }

    /**
     * Sends requests by this client.
     *
     * @throws IllegalArgumentException if it follows redirections, which could lead anywhere
     */
    public Builder client(HttpClient client) {
      if (client.followRedirects() != HttpClient.Redirect.NEVER) {
        throw new IllegalArgumentException(
            "client: it follows redirections " + client.followRedirects() + "; set them to NEVER");
      }
      this.client = client;
      return this;
    }

    /**
     * Reads the document.
     *
     * @throws AlphaUmiException with everything that is wrong: a document that cannot be read, no
     *     server, an operation that is not there or cannot be called, a credential that is missing
     *     or for no scheme, a policy for an operation that is not there
     */
    public Toolbox build() {
      JsonNode api = OpenApiDocument.read(document);
      Problems problems = new Problems();
      URI base = server == null ? OpenApiDocument.server(api, document) : server;
      HttpTarget target =
          new HttpTarget(
              base,
              privateAddresses,
              maxResponseBytes,
              client == null
                  ? HttpClient.newBuilder()
                      .followRedirects(HttpClient.Redirect.NEVER)
                      .connectTimeout(Duration.ofSeconds(10))
                      .build()
                  : client);
      List<CheckedTool> tools = new ArrayList<>();
      Set<String> known = new LinkedHashSet<>();
      for (OpenApiOperation operation : OpenApiOperation.all(api)) {
        known.add(operation.id());
        if (operations.isEmpty() || operations.contains(operation.id())) {
          ToolPolicy policy =
              policies.getOrDefault(operation.id(), defaultPolicy.withEffect(operation.effect()));
          operation
              .tool(target, policy, credentials, operations.contains(operation.id()), problems)
              .ifPresent(tools::add);
        }
      }
      unknown("operation", operations, known, problems);
      unknown("policy of", policies.keySet(), known, problems);
      unknown("credential for", credentials.keySet(), OpenApiDocument.schemes(api), problems);
      problems.throwIfAny();
      if (tools.isEmpty()) {
        throw new AlphaUmiException(document + ": no operation in it can be called as a tool");
      }
      return new CheckedToolbox(tools, ToolThreads.create(), System::nanoTime);
    }

    private static void unknown(
        String what, Set<String> names, Set<String> known, Problems problems) {
      for (String name : names) {
        if (!known.contains(name)) {
          problems.add(what + " " + name + ": the document has none; it has " + known);
        }
      }
    }
  }
}
