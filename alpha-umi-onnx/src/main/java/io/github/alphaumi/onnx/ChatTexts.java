package io.github.alphaumi.onnx;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the messages of langchain4j say, for models of text. */
final class ChatTexts {
  private ChatTexts() {}

  /**
   * Messages as plain turns: calls and results in the words of {@link TaughtTools}, everything
   * between two turns of the assistant as one turn of the user.
   *
   * @param beforeAnswer what answers of the assistant begin with
   */
  static List<ChatTurn> turns(List<ChatMessage> messages, String beforeAnswer) {
    List<ChatTurn> turns = new ArrayList<>();
    Map<String, String> arguments = new HashMap<>();
    List<String> results = new ArrayList<>();
    for (ChatMessage message : messages) {
      if (message instanceof ToolExecutionResultMessage result) {
        String of = result.id() == null ? null : arguments.get(result.id());
        results.add(TaughtTools.result(result.toolName(), of, text(result)));
        continue;
      }
      addResults(results, turns);
      if (message instanceof AiMessage ai && ai.hasToolExecutionRequests()) {
        ai.toolExecutionRequests().forEach(call -> arguments.put(call.id(), call.arguments()));
        turns.add(new ChatTurn(ChatTurn.ASSISTANT, TaughtTools.calls(ai.toolExecutionRequests())));
      } else if (message instanceof AiMessage ai) {
        turns.add(new ChatTurn(ChatTurn.ASSISTANT, beforeAnswer + text(ai)));
      } else {
        addText(new ChatTurn(role(message), text(message)), turns);
      }
    }
    addResults(results, turns);
    return turns;
  }

  private static void addResults(List<String> results, List<ChatTurn> turns) {
    if (!results.isEmpty()) {
      addText(new ChatTurn(ChatTurn.USER, String.join("\n", results)), turns);
      results.clear();
    }
  }

  /** Many templates want the roles strictly in turn. */
  private static void addText(ChatTurn turn, List<ChatTurn> turns) {
    ChatTurn last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
    if (last != null && last.role().equals(turn.role())) {
      turns.set(turns.size() - 1, new ChatTurn(turn.role(), last.text() + "\n\n" + turn.text()));
    } else {
      turns.add(turn);
    }
  }

  private static String role(ChatMessage message) {
    return message instanceof SystemMessage ? ChatTurn.SYSTEM : ChatTurn.USER;
  }

  /**
   * The text of a message that holds no calls.
   *
   * @throws UnsupportedFeatureException if it holds anything but text
   */
  static String text(ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return system.text();
    }
    if (message instanceof AiMessage ai) {
      return ai.text() == null ? "" : ai.text();
    }
    if (message instanceof UserMessage user) {
      return text(user.contents());
    }
    if (message instanceof ToolExecutionResultMessage result) {
      return text(result.contents());
    }
    throw unsupported(message.type() + " messages");
  }

  private static String text(List<Content> contents) {
    List<String> texts = new ArrayList<>();
    for (Content content : contents) {
      if (!(content instanceof TextContent text)) {
        throw unsupported(
            content.type().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " inputs");
      }
      texts.add(text.text());
    }
    return String.join("\n", texts);
  }

  /**
   * @throws UnsupportedFeatureException if the message holds anything but text and calls
   */
  static void check(ChatMessage message) {
    text(message);
  }

  /** What to tell the model of the form of its answer; empty if it is free. */
  static String form(@Nullable ResponseFormat format) {
    if (format == null || format.type() != ResponseFormatType.JSON) {
      return "";
    }
    return format.jsonSchema() == null
        ? "Answer with a JSON object."
        : "Answer with JSON of this form: "
            + ShortSchema.write(Constraints.schema(format.jsonSchema().rootElement()));
  }

  /** The messages with one more sentence in the system message. */
  static List<ChatMessage> instructed(List<ChatMessage> messages, String sentence) {
    if (sentence.isEmpty()) {
      return messages;
    }
    List<ChatMessage> all = new ArrayList<>(messages);
    if (messages.get(0) instanceof SystemMessage system) {
      all.set(0, SystemMessage.from(system.text() + "\n\n" + sentence));
    } else {
      all.add(0, SystemMessage.from(sentence));
    }
    return all;
  }

  /** The one form of this complaint: langchain4j's conformance tests look for its words. */
  static UnsupportedFeatureException unsupported(String feature) {
    return new UnsupportedFeatureException(feature + " are not supported: this model reads text");
  }
}
