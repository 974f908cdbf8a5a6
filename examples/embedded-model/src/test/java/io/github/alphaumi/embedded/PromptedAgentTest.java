package io.github.alphaumi.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.onnx.OnnxChatRequestParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An agent whose three roles are asked of the embedded base as a chat model. The base is too small
 * to be a good agent untuned; but however it plays, the run ends in order.
 */
@ExtendWith(SharedModel.class)
class PromptedAgentTest {
  private static final Toolbox ORDERS =
      new Toolbox() {
        @Override
        public List<ToolSpecification> specifications() {
          return List.of(
              ToolSpecification.builder()
                  .name("order_status")
                  .description("Tells where an order is.")
                  .parameters(
                      JsonObjectSchema.builder()
                          .addStringProperty("order_id")
                          .required("order_id")
                          .build())
                  .build());
        }

        @Override
        public Observation execute(ToolCall call, RunContext context) {
          return Observation.ok("shipped on Monday");
        }
      };

  @Test
  void should_run_to_an_end_with_a_well_formed_history() {
    List<List<ChatMessage>> asked = new ArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onRequest(ChatModelRequestContext context) {
            asked.add(context.chatRequest().messages());
          }
        };

    AgentResult result =
        Agent.builder()
            .roles(
                Roles.prompted(
                    SharedModel.chat()
                        .defaultRequestParameters(
                            OnnxChatRequestParameters.builder().maxOutputTokens(120).build())
                        .listeners(List.of(listener))
                        .build()))
            .tools(ORDERS)
            .budget(Budget.defaults().withSteps(3))
            .build()
            .run("Where is my order A-4711?");

    assertThat(result.failure()).isEmpty();
    assertThat(result.stopReason()).isNotEqualTo(StopReason.MODEL_FAILED);
    assertThat(asked).isNotEmpty().allSatisfy(PromptedAgentTest::takesTurns);
    for (Step step : result.trajectory().steps()) {
      assertThat(step.outcomes().get(0).call()).hasValueSatisfying(call -> assertNamed(call));
    }
  }

  private static void assertNamed(ToolCall call) {
    assertThat(call.name()).isEqualTo("order_status");
    assertThat(call.arguments().keySet()).containsExactly("order_id");
  }

  private static void takesTurns(List<ChatMessage> messages) {
    assertThat(messages.get(0).type()).isEqualTo(ChatMessageType.SYSTEM);
    for (int i = 1; i < messages.size(); i++) {
      assertThat(messages.get(i).type())
          .isEqualTo(i % 2 == 1 ? ChatMessageType.USER : ChatMessageType.AI);
    }
  }
}
