package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tools for models that were not trained to call any. A short conversation about other tools, put
 * before the real one, shows how it is done: a small model follows an example where it does not
 * follow an explanation. A turn begins with a word that says what it is, so that whether to call or
 * to answer is a choice between two words.
 */
final class TaughtTools {
  static final String CALL = "Call:";
  static final String ANSWER = "Answer:";
  static final List<String> WORDS = List.of(CALL, ANSWER);
  private static final String DUTY =
      "Use the tools to answer. Write Call: to call a tool and Answer: to answer the user.";

  /** A value that is longer than this names nothing. */
  private static final int LONGEST_VALUE = 60;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<ChatTurn> EXAMPLE = example();

  private TaughtTools() {}

  private static List<ChatTurn> example() {
    try {
      String json =
          Resources.toString(
              Resources.getResource(TaughtTools.class, "taught-tools.json"),
              StandardCharsets.UTF_8);
      List<ChatTurn> turns = new ArrayList<>();
      for (JsonNode turn : JSON.readTree(json)) {
        turn.properties()
            .forEach(said -> turns.add(new ChatTurn(said.getKey(), said.getValue().asText())));
      }
      return List.copyOf(turns);
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of alpha-umi-onnx is damaged", e);
    }
  }

  /** What these tools are, and how to call them, in front of a conversation. */
  static List<ChatTurn> introduce(List<ToolSpecification> tools, List<ChatTurn> conversation) {
    List<ChatTurn> turns = new ArrayList<>();
    List<ChatTurn> rest = conversation;
    String duty = DUTY;
    if (!rest.isEmpty() && rest.get(0).role().equals(ChatTurn.SYSTEM)) {
      duty = rest.get(0).text() + "\n\n" + DUTY;
      rest = rest.subList(1, rest.size());
    }
    turns.add(new ChatTurn(ChatTurn.SYSTEM, duty));
    turns.addAll(EXAMPLE);
    String documents = documents(tools);
    for (ChatTurn turn : rest) {
      String text = turn.text();
      if (turn.role().equals(ChatTurn.USER) && !documents.isEmpty()) {
        text = documents + text;
        documents = "";
      }
      turns.add(new ChatTurn(turn.role(), text));
    }
    if (!documents.isEmpty()) {
      turns.add(new ChatTurn(ChatTurn.USER, documents.strip()));
    }
    return turns;
  }

  private static String documents(List<ToolSpecification> tools) {
    StringBuilder out = new StringBuilder("Tools:\n");
    for (ToolSpecification tool : tools) {
      out.append(tool.name()).append(' ').append(parameters(tool));
      if (tool.description() != null && !tool.description().isBlank()) {
        out.append(' ').append(tool.description().strip());
      }
      out.append('\n');
    }
    return out.append('\n').toString();
  }

  private static String parameters(ToolSpecification tool) {
    NamedSchema schema = Constraints.schemas(List.of(tool)).get(0);
    return schema.schema() == null ? "{}" : ShortSchema.write(schema.schema());
  }

  /** A turn of calls as the model has to write it. */
  static String calls(List<ToolExecutionRequest> calls) {
    List<String> lines = new ArrayList<>();
    for (ToolExecutionRequest call : calls) {
      String arguments = call.arguments();
      lines.add(
          CALL
              + " "
              + call.name()
              + " "
              + (arguments == null || arguments.isBlank() ? "{}" : arguments));
    }
    return String.join("\n", lines);
  }

  /**
   * One line of the turn that hands in results. It says what the result is for: a small model does
   * not look that up in the call.
   *
   * @param arguments of the call; null if the call is not known
   */
  static String result(String name, @Nullable String arguments, String result) {
    String values = arguments == null ? "" : values(arguments);
    return "Result of " + name + (values.isEmpty() ? "" : " for " + values) + ": " + result;
  }

  private static String values(String arguments) {
    List<String> values = new ArrayList<>();
    try {
      for (JsonNode value : JSON.readTree(arguments)) {
        if (value.isValueNode() && value.asText().length() <= LONGEST_VALUE) {
          values.add(value.asText());
        }
      }
    } catch (JsonProcessingException e) {
      // A history from elsewhere: what cannot be read is not repeated.
      return "";
    }
    return String.join(", ", values);
  }
}
