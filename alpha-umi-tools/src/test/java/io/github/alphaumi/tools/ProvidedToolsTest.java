package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.McpToolProvider;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import dev.langchain4j.service.tool.ToolProvider;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tools of a real MCP server, in a process of its own and over HTTP. */
@Timeout(120)
@SuppressWarnings("try")
class ProvidedToolsTest {

  @Test
  void should_call_tools_of_a_server_over_standard_input_and_output() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    McpTransport transport =
        StdioMcpTransport.builder()
            .command(
                List.of(
                    java,
                    "-cp",
                    System.getProperty("java.class.path"),
                    McpTestServer.class.getName()))
            .build();
    try (McpClient client = DefaultMcpClient.builder().transport(transport).build()) {
      behavesAsTheServerDoes(McpToolProvider.builder().mcpClients(client).build());
    }
  }

  @Test
  void should_call_tools_of_a_server_over_HTTP() throws Exception {
    HttpServletStreamableServerTransportProvider servlet =
        HttpServletStreamableServerTransportProvider.builder()
            .jsonMapper(McpTestServer.JSON)
            .mcpEndpoint("/mcp")
            .build();
    McpSyncServer mcp =
        McpServer.sync(servlet)
            .serverInfo("test", "1")
            .capabilities(ServerCapabilities.builder().tools(true).build())
            .tools(McpTestServer.tools())
            .build();
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("localhost");
    server.addConnector(connector);
    ServletContextHandler handler = new ServletContextHandler("/");
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    handler.addServlet(holder, "/*");
    server.setHandler(handler);
    server.start();
    McpTransport transport =
        StreamableHttpMcpTransport.builder()
            .url("http://localhost:" + connector.getLocalPort() + "/mcp")
            .build();
    try (McpClient client = DefaultMcpClient.builder().transport(transport).build()) {
      behavesAsTheServerDoes(McpToolProvider.builder().mcpClients(client).build());
    } finally {
      mcp.close();
      server.stop();
    }
  }

  private static void behavesAsTheServerDoes(ToolProvider provider) {
    Toolbox tools = ProvidedTools.of(provider);
    assertThat(tools.specifications())
        .extracting(ToolSpecification::name)
        .containsExactlyInAnyOrder("calculate", "reset");
    assertThat(Calls.run(tools, "calculate", "{\"a\": \"2\", \"b\": 3, \"operation\": \"ADD\"}"))
        .isEqualTo(Observation.ok("{\"result\": \"5\"}"));
    assertThat(Calls.run(tools, "reset", "{}")).isEqualTo(Observation.ok("{\"counter\": 0}"));

    Observation told =
        Calls.run(tools, "calculate", "{\"a\": 2, \"b\": 0, \"operation\": \"divide\"}");
    assertThat(told.status()).isEqualTo(Status.FAILED);
    assertThat(told.text()).contains("b must not be zero");

    Observation refused = Calls.run(tools, "calculate", "{\"a\": 2, \"operation\": \"root\"}");
    assertThat(refused.status()).isEqualTo(Status.INVALID);
    assertThat(refused.text())
        .contains("the argument b is missing")
        .contains("operation must be add or divide");

    assertThat(tools.effect("calculate")).isEqualTo(Effect.EFFECTFUL);
    Toolbox trusting = ProvidedTools.builder(provider).trustHints().build();
    assertThat(trusting.effect("calculate")).isEqualTo(Effect.READ_ONLY);
    assertThat(trusting.effect("reset")).isEqualTo(Effect.EFFECTFUL);

    assertThatThrownBy(
            () -> ProvidedTools.builder(provider).policy("root", ToolPolicy.defaults()).build())
        .hasMessageContaining("policy of root: there is no such tool");
  }
}
