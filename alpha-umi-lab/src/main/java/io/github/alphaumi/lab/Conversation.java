package io.github.alphaumi.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of stage 2: a task, the tools on offer and all turns. The form in which conversations go
 * from one command to the next, and in which the published test sets are.
 *
 * @param tools the records as they were read, whose bytes matter in prompts
 */
record Conversation(
    List<Map<String, @Nullable Object>> tools, String instruction, List<Turn> turns) {
  static final String TOOLS = "tools";
  static final String INSTRUCTION = "instruction";
  static final String TURNS = "conversations";

  static Conversation read(Map<String, @Nullable Object> record) throws BadRecordException {
    return new Conversation(
        Fields.objects(record, TOOLS),
        Fields.text(record, INSTRUCTION),
        Turn.read(Fields.objects(record, TURNS)));
  }

  Map<String, Object> json() {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put(TOOLS, tools);
    record.put(INSTRUCTION, instruction);
    record.put(TURNS, turns.stream().map(Turn::json).toList());
    return record;
  }
}
