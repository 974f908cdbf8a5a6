package io.github.alphaumi.lab;

import io.github.alphaumi.core.PythonJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chains of chat messages to conversations of planner, caller, tools and summarizer. */
final class Stage2 implements RecordStep {
  static final String CHAINS = "chains";

  /** The system message and the task, which the instruction repeats. */
  private static final int PREAMBLE = 2;

  private final boolean published;

  /**
   * @param published whether turns are written, and lost, as the published code does
   */
  Stage2(boolean published) {
    this.published = published;
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    List<Map<String, @Nullable Object>> tools = Fields.objects(record, Conversation.TOOLS);
    String instruction = Fields.text(record, Conversation.INSTRUCTION);
    List<Map<String, @Nullable Object>> messages = Fields.objects(record, CHAINS);
    ChainReader reader =
        published ? new PublishedChain(instruction) : new MendedChain(instruction, sink);
    for (Map<String, @Nullable Object> message :
        messages.subList(Math.min(PREAMBLE, messages.size()), messages.size())) {
      read(reader, message);
    }
    sink.write(0, new Conversation(tools, instruction, reader.turns()).json());
    sink.count("conversations");
  }

  private static void read(ChainReader reader, Map<String, @Nullable Object> message)
      throws BadRecordException {
    String role = Fields.text(message, "role");
    switch (role) {
      case "user" -> reader.user(Fields.text(message, "content"));
      case "function" -> reader.observation(Fields.text(message, "content"));
      case "assistant" -> {
        @Nullable String thought = message.get("content") instanceof String text ? text : null;
        if (message.get("function_call") == null) {
          reader.thought(thought);
          return;
        }
        Map<String, @Nullable Object> call = Fields.object(message, "function_call");
        String name = Fields.text(call, "name");
        // Some writers keep the arguments as an object instead of its text.
        String arguments =
            call.get("arguments") instanceof Map<?, ?> object
                ? PythonJson.write(object)
                : Fields.text(call, "arguments");
        if (name.equals("Finish")) {
          reader.finish(thought, arguments);
        } else {
          reader.call(thought, name, arguments);
        }
      }
      default -> throw new BadRecordException("a message has the unknown role '" + role + "'");
    }
  }
}
