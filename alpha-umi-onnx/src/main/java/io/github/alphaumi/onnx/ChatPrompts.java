package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import io.github.alphaumi.core.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversations as prompts, by a model's own chat template. Thread-safe. */
final class ChatPrompts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChatTemplate template;
  private final ToolSyntax syntax;
  private final String endToken;
  private final Tokenizer tokenizer;

  ChatPrompts(String template, String endToken, Tokenizer tokenizer) {
    this.template = ChatTemplate.parse(template);
    this.syntax = ToolSyntax.of(template);
    this.endToken = endToken;
    this.tokenizer = tokenizer;
  }

  ToolSyntax syntax() {
    return syntax;
  }

  /**
   * The prompt up to the beginning of the assistant's next turn.
   *
   * @param tools that may be called in it
   * @param form what is said of the form of an answer; empty for nothing
   * @throws ChatTemplateException if the template has no place for such a conversation
   */
  Prompt of(List<ChatMessage> messages, List<ToolSpecification> tools, String form) {
    if (!syntax.isTaught()) {
      return renderTrained(ChatTexts.instructed(messages, form), tools);
    }
    List<ChatTurn> turns = taught(messages, tools, form);
    try {
      return renderTurns(turns);
    } catch (ChatTemplateException e) {
      return renderTurns(withoutSystemTurn(turns, e));
    }
  }

  /** With tools, what is said of an answer comes last: all before it serves the choice as well. */
  private static List<ChatTurn> taught(
      List<ChatMessage> messages, List<ToolSpecification> tools, String form) {
    if (tools.isEmpty()) {
      return ChatTexts.turns(ChatTexts.instructed(messages, form), "");
    }
    List<ChatTurn> turns = new ArrayList<>(ChatTexts.turns(messages, TaughtTools.ANSWER + " "));
    ChatTurn last = turns.get(turns.size() - 1);
    if (!form.isEmpty() && last.role().equals(ChatTurn.USER)) {
      turns.set(turns.size() - 1, new ChatTurn(last.role(), last.text() + "\n" + form));
    }
    return TaughtTools.introduce(tools, turns);
  }

  /** Some templates know no system turn: what it says then comes with the user's first. */
  private static List<ChatTurn> withoutSystemTurn(
      List<ChatTurn> turns, ChatTemplateException refusal) {
    if (turns.size() < 2
        || !turns.get(0).role().equals(ChatTurn.SYSTEM)
        || !turns.get(1).role().equals(ChatTurn.USER)) {
      throw refusal;
    }
    List<ChatTurn> rest = new ArrayList<>(turns.subList(1, turns.size()));
    String text = turns.get(0).text() + "\n\n" + rest.get(0).text();
    rest.set(0, new ChatTurn(ChatTurn.USER, text));
    return rest;
  }

  private Prompt renderTurns(List<ChatTurn> turns) {
    GuardedTexts texts = new GuardedTexts(this::isForged);
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    turns.forEach(turn -> messages.add(message(turn.role(), texts.guard(turn.text()))));
    return render(messages, null, texts);
  }

  private Prompt renderTrained(List<ChatMessage> messages, List<ToolSpecification> tools) {
    GuardedTexts texts = new GuardedTexts(this::isForged);
    List<Map<String, @Nullable Object>> rendered = new ArrayList<>();
    for (ChatMessage message : messages) {
      if (message instanceof AiMessage ai && ai.hasToolExecutionRequests()) {
        addCalls(ai, rendered, texts);
      } else if (message instanceof ToolExecutionResultMessage result) {
        Map<String, @Nullable Object> values = message("tool", texts.guard(ChatTexts.text(result)));
        values.put("name", texts.guard(result.toolName()));
        values.put("tool_call_id", result.id());
        rendered.add(values);
      } else {
        String role =
            message instanceof AiMessage
                ? ChatTurn.ASSISTANT
                : message instanceof SystemMessage ? ChatTurn.SYSTEM : ChatTurn.USER;
        rendered.add(message(role, texts.guard(ChatTexts.text(message))));
      }
    }
    List<@Nullable Object> documents = new ArrayList<>();
    for (ToolSpecification tool : tools) {
      documents.add(document(tool, texts));
    }
    return render(rendered, tools.isEmpty() ? null : documents, texts);
  }

  private static Map<String, @Nullable Object> message(String role, String content) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  /** One message; or one for each call, where a turn of this family has one call at most. */
  private void addCalls(
      AiMessage ai, List<Map<String, @Nullable Object>> messages, GuardedTexts texts) {
    String text = texts.guard(ChatTexts.text(ai));
    List<@Nullable Object> calls = new ArrayList<>();
    for (ToolExecutionRequest call : ai.toolExecutionRequests()) {
      Map<String, @Nullable Object> function = new LinkedHashMap<>();
      function.put("name", texts.guard(call.name()));
      function.put("arguments", texts.guard(arguments(call)));
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      values.put("type", "function");
      values.put("id", call.id());
      values.put("function", function);
      calls.add(values);
    }
    int size = syntax.between() == null ? 1 : calls.size();
    for (int from = 0; from < calls.size(); from += size) {
      Map<String, @Nullable Object> message = message(ChatTurn.ASSISTANT, from == 0 ? text : "");
      message.put("tool_calls", calls.subList(from, from + size));
      messages.add(message);
    }
  }

  private static JsonNode arguments(ToolExecutionRequest call) {
    try {
      JsonNode arguments = JSON.readTree(call.arguments() == null ? "{}" : call.arguments());
      return arguments.isObject() ? arguments : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      // A history from elsewhere: that there was a call matters more than what was wrong with it.
      return JSON.createObjectNode().put("unreadable", call.arguments());
    }
  }

  private static Map<String, @Nullable Object> document(
      ToolSpecification tool, GuardedTexts texts) {
    JsonNode parameters = Constraints.schemas(List.of(tool)).get(0).schema();
    JsonNode shown =
        parameters == null
            ? JSON.createObjectNode()
                .put("type", "object")
                .set("properties", JSON.createObjectNode())
            : parameters;
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", texts.guard(tool.name()));
    function.put("description", texts.guard(tool.description() == null ? "" : tool.description()));
    function.put("parameters", texts.guard(shown));
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("type", "function");
    document.put("function", function);
    return document;
  }

  private Prompt render(
      List<Map<String, @Nullable Object>> messages,
      @Nullable List<@Nullable Object> tools,
      GuardedTexts texts) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    variables.put("messages", messages);
    variables.put("tools", tools);
    variables.put("documents", null);
    variables.put("add_generation_prompt", true);
    // Encoding the prompt adds the token of the beginning where the model wants one.
    variables.put("bos_token", "");
    variables.put("eos_token", endToken);
    // A turn that has to begin with a call or with JSON has no place for thoughts.
    variables.put("enable_thinking", false);
    return texts.prompt(template.render(variables));
  }

  private boolean isForged(String text) {
    return Arrays.stream(tokenizer.encode(text)).anyMatch(tokenizer::isSpecial);
  }
}
