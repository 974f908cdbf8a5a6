package io.github.alphaumi.lab;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.ToolCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What other trainers read. A conversation becomes chat messages with tool calls and the tools'
 * schemas; a role sample becomes a user's and an assistant's message, or a text with the span that
 * is to be learnt.
 */
final class ChatLines implements RecordStep {
  private final boolean spans;

  /**
   * @param spans whether role samples become texts with spans, {@code [from, to)} in code points
   */
  ChatLines(boolean spans) {
    this.spans = spans;
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    if (record.containsKey("target")) {
      String input = Fields.text(record, "input");
      String target = Fields.text(record, "target");
      sink.write(0, spans ? span(input, target) : messages(input, target));
      sink.count("role samples");
    } else {
      sink.write(0, conversation(Conversation.read(record)));
      sink.count("conversations");
    }
  }

  private static Map<String, Object> span(String input, String target) {
    int from = input.codePointCount(0, input.length());
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("text", input + target);
    line.put("learn", List.of(List.of(from, from + target.codePointCount(0, target.length()))));
    return line;
  }

  private static Map<String, Object> messages(String input, String target) {
    return Map.of("messages", List.of(message("user", input), message("assistant", target)));
  }

  /** Of the step before it: a conversation of a data set has one call a step. */
  private static String observation(LabelledStep step) {
    return step.before().last().orElseThrow().outcomes().get(0).observation().text();
  }

  private static Map<String, Object> conversation(Conversation conversation)
      throws BadRecordException {
    List<Map<String, Object>> messages = new ArrayList<>();
    messages.add(message("user", conversation.instruction()));
    List<LabelledStep> steps = LabelledStep.of(conversation);
    for (int i = 0; i < steps.size(); i++) {
      LabelledStep step = steps.get(i);
      if (step.call() instanceof ToolCall call) {
        String id = "call_" + (i + 1);
        Map<String, Object> called = message("assistant", step.decision().rationale());
        called.put("tool_calls", List.of(toolCall(id, call)));
        messages.add(called);
        if (i + 1 < steps.size()) {
          Map<String, Object> result = message("tool", observation(steps.get(i + 1)));
          result.put("tool_call_id", id);
          messages.add(result);
        }
      } else if (step.decision() instanceof Decision.Conclude && step.answer() != null) {
        messages.add(message("assistant", step.answer()));
      } else {
        messages.add(message("assistant", step.decision().rationale()));
      }
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("messages", messages);
    line.put("tools", tools(conversation));
    return line;
  }

  private static Map<String, Object> message(String role, String content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private static Map<String, Object> toolCall(String id, ToolCall call) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put("arguments", PythonJson.write(call.arguments()));
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("id", id);
    written.put("type", "function");
    written.put("function", function);
    return written;
  }

  private static List<Map<String, Object>> tools(Conversation conversation)
      throws BadRecordException {
    List<Map<String, Object>> tools = new ArrayList<>();
    for (Map<String, @Nullable Object> tool : conversation.tools()) {
      Map<String, Object> function = new LinkedHashMap<>();
      function.put("name", Fields.text(tool, ToolRecord.NAME));
      function.put("description", Fields.text(tool, ToolRecord.FUNCTION));
      function.put("parameters", ToolRecord.jsonSchema(tool));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("type", "function");
      entry.put("function", function);
      tools.add(entry);
    }
    return tools;
  }
}
