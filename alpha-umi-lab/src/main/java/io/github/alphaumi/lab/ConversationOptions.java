package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.ChatTemplate;
import io.github.alphaumi.onnx.ChatTemplateException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What a chat template is rendered with besides the messages. Rendering is that of transformers'
 * {@code apply_chat_template}: control tokens in a text count as such.
 */
final class ConversationOptions {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--tools",
      paramLabel = "FILE",
      description = "A JSON array of tools, as the template takes them.")
  private @Nullable Path tools;

  @Option(
      names = "--variable",
      paramLabel = "NAME=VALUE",
      description = "A further variable of the template, in JSON or as text. May be repeated.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "What the template takes for the time, as 2024-07-26T00:00:00.")
  private @Nullable LocalDateTime now;

  /** The text of a conversation: a JSON array of messages, or an object that has one. */
  String render(ChatTemplate template, Path messages, boolean generationPrompt) {
    JsonNode conversation = ModelFile.json("--messages", messages);
    JsonNode turns = conversation.isObject() ? conversation.path("messages") : conversation;
    if (!turns.isArray()) {
      throw new AlphaUmiException(
          "--messages: "
              + messages
              + " holds neither an array of messages nor an object with \"messages\"");
    }
    JsonNode documents = tools == null ? conversation.path("tools") : tools(tools);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("messages", JSON.convertValue(turns, Object.class));
    values.put("tools", documents.isArray() ? JSON.convertValue(documents, Object.class) : null);
    values.put("documents", null);
    values.put("add_generation_prompt", generationPrompt);
    variables.forEach((name, value) -> values.put(name, value(value)));
    try {
      return clocked(template).render(values);
    } catch (ChatTemplateException e) {
      throw new AlphaUmiException("--messages: " + messages + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode tools(Path file) {
    JsonNode tools = ModelFile.json("--tools", file);
    if (!tools.isArray()) {
      throw new AlphaUmiException("--tools: " + file + " does not hold an array of tools");
    }
    return tools;
  }

  private ChatTemplate clocked(ChatTemplate template) {
    return now == null
        ? template
        : template.withClock(Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC));
  }

  private static @Nullable Object value(String text) {
    try {
      return JSON.convertValue(ModelFile.json("--variable", text), Object.class);
    } catch (AlphaUmiException e) {
      return text;
    }
  }
}
