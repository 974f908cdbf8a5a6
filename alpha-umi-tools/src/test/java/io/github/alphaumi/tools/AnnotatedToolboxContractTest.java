package io.github.alphaumi.tools;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.ToolboxContract;
import java.util.Map;
import java.util.Optional;

class AnnotatedToolboxContractTest extends ToolboxContract {

  static class Shop {
    @Tool
    String orderStatus(String orderId, int pieces) {
      return orderId + pieces;
    }

    @Tool
    String open() {
      return "yes";
    }
  }

  @Override
  protected Toolbox toolbox() {
    return AnnotatedTools.of(new Shop());
  }

  @Override
  protected Optional<ToolCall> goodCall() {
    return Optional.of(new ToolCall("orderStatus", Map.of("orderId", "7", "pieces", 2)));
  }
}
