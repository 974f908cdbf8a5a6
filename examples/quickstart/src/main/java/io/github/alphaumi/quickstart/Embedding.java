package io.github.alphaumi.quickstart;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.embedded.EmbeddedModel;
import io.github.alphaumi.onnx.OnnxRoles;
import io.github.alphaumi.tools.AnnotatedTools;

/** All that it takes: a method, an annotation, an agent. The README shows this class. */
public class Embedding {

  record Parcel(String status, String delivery) {}

  static class Shop {
    @Tool("Status and delivery date of an order")
    Parcel orderStatus(String orderId) {
      return new Parcel("shipped", "2026-11-24");
    }
  }

  public static void main(String[] args) {
    try (OnnxRoles model = EmbeddedModel.load()) {
      var tools = AnnotatedTools.of(new Shop());
      var agent = Agent.builder().roles(model.roles()).tools(tools).build();
      System.out.println(agent.run("Where is my order A-4711?"));
    }
  }
}
