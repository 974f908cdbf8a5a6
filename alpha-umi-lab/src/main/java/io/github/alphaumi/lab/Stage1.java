package io.github.alphaumi.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Raw ToolBench answers to one record a task: tools, instruction, and the messages of the chain
 * that was chosen. Answers to the queries of the test sets are left out.
 */
final class Stage1 implements RecordStep {
  private final TestIds testIds;
  private final boolean published;

  Stage1(TestIds testIds, boolean published) {
    this.testIds = testIds;
    this.published = published;
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> answer, Sink sink)
      throws BadRecordException {
    if (testIds.hold(source)) {
      sink.count("left out: in a test set");
      return;
    }
    Map<String, @Nullable Object> generation = Fields.object(answer, "answer_generation");
    if (!generation.containsKey("train_messages")) {
      sink.count("left out: no chain was chosen");
      return;
    }
    List<@Nullable Object> chains = Fields.list(generation, "train_messages");
    if (chains.isEmpty() || !(chains.get(chains.size() - 1) instanceof List<?> messages)) {
      throw new BadRecordException("'train_messages' ends with no list of messages");
    }
    List<Map<String, Object>> tools = new ArrayList<>();
    for (Map<String, @Nullable Object> function : Fields.objects(generation, "function")) {
      if (!"Finish".equals(function.get("name"))) {
        tools.add(ToolRecord.of(function, published));
      }
    }
    Map<String, Object> record = new LinkedHashMap<>();
    record.put(Conversation.TOOLS, tools);
    record.put(Conversation.INSTRUCTION, Fields.text(generation, "query"));
    record.put(Stage2.CHAINS, messages);
    sink.write(0, record);
    sink.count("kept");
  }
}
