package io.github.alphaumi.onnx;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Templates, tools and conversations for tests of the chat models. */
final class Chats {
  /** The common one, which knows no tools. */
  static final String CHATML =
      "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  /** One that knows tools and calls as Hermes and Qwen write them. */
  static final String HERMES =
      "{% for tool in tools or [] %}{{ tool | tojson }}\n{% endfor %}"
          + "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}"
          + "{% for call in message.tool_calls or [] %}{{ '\n' }}<tool_call>\n"
          + "{\"name\": \"{{ call.function.name }}\", \"arguments\": "
          + "{{ call.function.arguments | tojson }}}\n</tool_call>{% endfor %}<|im_end|>\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .description("Tells the weather.")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
          .build();

  static final ToolSpecification CLOCK = ToolSpecification.builder().name("clock").build();

  private Chats() {}

  static Tokenizer tokenizer() {
    return Tokenizer.fromJson(
        TinyTokenizer.json().toString().getBytes(StandardCharsets.UTF_8), "tiny");
  }

  static AiMessage calls(ToolExecutionRequest... calls) {
    return AiMessage.from(List.of(calls));
  }

  static ToolExecutionRequest call(String id, String name, String arguments) {
    return ToolExecutionRequest.builder().id(id).name(name).arguments(arguments).build();
  }

  /** A question, two calls and their results. */
  static List<ChatMessage> twoCalls() {
    ToolExecutionRequest weather = call("1", "weather", "{\"city\": \"Oslo\"}");
    ToolExecutionRequest clock = call("2", "clock", "{}");
    return List.of(
        UserMessage.from("Oslo?"),
        calls(weather, clock),
        ToolExecutionResultMessage.from(weather, "rain"),
        ToolExecutionResultMessage.from(clock, "noon"));
  }
}
