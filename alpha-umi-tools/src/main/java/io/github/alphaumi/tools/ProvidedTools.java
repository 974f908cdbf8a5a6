package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.AiServiceTool;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Toolbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes a {@link Toolbox} of the tools that a langchain4j {@link ToolProvider} has, such as those
 * of MCP servers. Needs {@code dev.langchain4j:langchain4j} on the class path, and for MCP {@code
 * dev.langchain4j:langchain4j-mcp}.
 *
 * <pre>{@code
 * McpClient client = new DefaultMcpClient.Builder().transport(transport).build();
 * Toolbox tools = ProvidedTools.of(McpToolProvider.builder().mcpClients(client).build());
 * }</pre>
 *
 * <p>The provider is asked once, when the toolbox is built. Calls are checked against the tools'
 * schemas before they are sent; what a tool reports as an error, and the message of a {@link
 * ToolExecutionException}, are told to the model as they are, because they were written for one.
 * Who opened a client closes it.
 */
public final class ProvidedTools {
  private ProvidedTools() {}

  /** All tools of a provider, with default policies. */
  public static Toolbox of(ToolProvider provider) {
    return builder(provider).build();
  }

  public static Builder builder(ToolProvider provider) {
    return new Builder(provider);
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final ToolProvider provider;
    private final Map<String, ToolPolicy> policies = new LinkedHashMap<>();
    private ToolPolicy defaultPolicy = ToolPolicy.defaults();
    private boolean hintsTrusted;

    private Builder(ToolProvider provider) {
      this.provider = Objects.requireNonNull(provider, "provider");
    }

    /** Sets the policy of one tool. */
    public Builder policy(String tool, ToolPolicy policy) {
      policies.put(tool, Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /** Sets the policy of the others. */
    public Builder defaultPolicy(ToolPolicy policy) {
      defaultPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Believes what an MCP server says of its tools' effects ({@code readOnlyHint}, {@code
     * idempotentHint}); by default they count as effectful, because a server may say anything.
     */
    public Builder trustHints() {
      hintsTrusted = true;
      return this;
    }

    /**
     * Asks the provider for its tools.
     *
     * @throws AlphaUmiException if there is a policy for a tool that is not there, or one that
     *     repeats calls that must not be repeated
     */
    public Toolbox build() {
      List<AiServiceTool> provided =
          provider
              .provideTools(
                  ToolProviderRequest.builder()
                      .invocationContext(InvocationContext.builder().build())
                      .userMessage(UserMessage.from("tools"))
                      .build())
              .aiServiceTools();
      Problems problems = new Problems();
      Set<String> names = new LinkedHashSet<>();
      List<CheckedTool> tools = new ArrayList<>();
      for (AiServiceTool entry : provided) {
        ToolSpecification tool = entry.toolSpecification();
        names.add(tool.name());
        ToolPolicy policy = policies.getOrDefault(tool.name(), policyOf(tool));
        tools.add(
            new CheckedTool(tool, schema(tool), policy, code(tool.name(), entry.toolExecutor())));
      }
      for (String name : policies.keySet()) {
        if (!names.contains(name)) {
          problems.add("policy of " + name + ": there is no such tool; there are " + names);
        }
      }
      problems.throwIfAny();
      return new CheckedToolbox(tools, ToolThreads.create(), System::nanoTime);
    }

    private ToolPolicy policyOf(ToolSpecification tool) {
      if (!hintsTrusted) {
        return defaultPolicy;
      }
      if (Boolean.TRUE.equals(tool.metadata().get("readOnlyHint"))) {
        return defaultPolicy.withEffect(Effect.READ_ONLY);
      }
      return Boolean.TRUE.equals(tool.metadata().get("idempotentHint"))
          ? defaultPolicy.withEffect(Effect.IDEMPOTENT)
          : defaultPolicy;
    }
  }

  /** The schema of a tool's arguments as langchain4j writes it for models. */
  static ObjectNode schema(ToolSpecification tool) {
    try {
      JsonNode written = ToolJson.ARGUMENTS.readTree(tool.toJson()).path("parameters");
      return written instanceof ObjectNode object
          ? object
          : ToolJson.ARGUMENTS.createObjectNode().put("type", "object");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a specification that langchain4j wrote wrongly", e);
    }
  }

  private static ToolCode code(String name, ToolExecutor executor) {
    return (arguments, context) -> {
      ToolExecutionRequest request =
          ToolExecutionRequest.builder()
              .id(context.idempotencyKey())
              .name(name)
              .arguments(arguments.toString())
              .build();
      InvocationContext invocation =
          InvocationContext.builder().chatMemoryId(context.runId()).build();
      return () -> {
        ToolExecutionResult result;
        try {
          result = executor.executeWithContext(request, invocation);
        } catch (ToolExecutionException e) {
          throw new ToolException(String.valueOf(e.getMessage()), e);
        }
        if (result.isError()) {
          throw new ToolException(String.valueOf(result.resultText()));
        }
        return result.resultText();
      };
    };
  }
}
