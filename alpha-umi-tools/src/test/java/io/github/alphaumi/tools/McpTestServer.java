package io.github.alphaumi.tools;

import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.List;
import java.util.Map;

/** A small MCP server on the official SDK: a calculator and a counter. */
final class McpTestServer {
  static final JacksonMcpJsonMapper JSON =
      new JacksonMcpJsonMapper(new com.fasterxml.jackson.databind.ObjectMapper());

  private McpTestServer() {}

  /** Serves over standard input and output until its parent closes them. */
  public static void main(String[] args) throws InterruptedException {
    McpServer.sync(new StdioServerTransportProvider(JSON))
        .serverInfo("test", "1")
        .capabilities(ServerCapabilities.builder().tools(true).build())
        .tools(tools())
        .build();
    Thread.currentThread().join();
  }

  static List<SyncToolSpecification> tools() {
    Map<String, Object> numbers =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of(
                "a", Map.of("type", "integer", "description", "first number"),
                "b", Map.of("type", "integer"),
                "operation", Map.of("type", "string", "enum", List.of("add", "divide"))),
            "required",
            List.of("a", "b", "operation"),
            "additionalProperties",
            false);
    return List.of(
        SyncToolSpecification.builder()
            .tool(
                Tool.builder("calculate", numbers)
                    .description("Calculates with two whole numbers")
                    .annotations(ToolAnnotations.builder().readOnlyHint(true).build())
                    .build())
            .callHandler((exchange, request) -> calculated(request.arguments()))
            .build(),
        SyncToolSpecification.builder()
            .tool(
                Tool.builder("reset", Map.of("type", "object"))
                    .description("Sets the counter to zero")
                    .build())
            .callHandler(
                (exchange, request) ->
                    CallToolResult.builder().addTextContent("{\"counter\": 0}").build())
            .build());
  }

  private static CallToolResult calculated(Map<String, Object> arguments) {
    int a = ((Number) arguments.get("a")).intValue();
    int b = ((Number) arguments.get("b")).intValue();
    if (arguments.get("operation").equals("add")) {
      return CallToolResult.builder().addTextContent(String.valueOf(a + b)).build();
    }
    return b == 0
        ? CallToolResult.builder().addTextContent("b must not be zero").isError(true).build()
        : CallToolResult.builder().addTextContent(String.valueOf(a / b)).build();
  }
}
