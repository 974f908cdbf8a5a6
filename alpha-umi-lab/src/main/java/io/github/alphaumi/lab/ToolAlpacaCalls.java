package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ToolAlpaca's evaluation instructions (arXiv 2306.05301): all functions of an API are on offer,
 * and the first golden call is right. Left out are instructions that begin with a question back to
 * the user, or whose golden call is of no function that the file describes.
 */
final class ToolAlpacaCalls {
  private ToolAlpacaCalls() {}

  /** The tasks of one API. */
  static List<CallTask> of(Map<String, @Nullable Object> api) throws BadRecordException {
    String name = Fields.text(api, "Name");
    List<ToolSpecification> tools = new ArrayList<>();
    for (Map<String, Object> tool : ToolAlpacaTools.of(api)) {
      tools.add(ToolRecord.specification(new LinkedHashMap<>(tool)));
    }
    List<@Nullable Object> instructions = Fields.list(api, "Instructions");
    List<@Nullable Object> golden = Fields.list(api, "Golden_Answers");
    if (instructions.size() != golden.size()) {
      throw new BadRecordException(
          name
              + " has "
              + instructions.size()
              + " instructions and "
              + golden.size()
              + " golden answers");
    }
    List<CallTask> tasks = new ArrayList<>();
    for (int i = 0; i < golden.size(); i++) {
      if (!(golden.get(i) instanceof List<?> calls) || calls.isEmpty()) {
        throw new BadRecordException(name + " has no golden call for instruction " + i);
      }
      Map<String, @Nullable Object> first = Fields.asObject(calls.get(0), "a golden call");
      String action = Fields.text(first, "Action");
      if (tools.stream().anyMatch(tool -> tool.name().equals(action))) {
        tasks.add(
            new CallTask(
                name + " " + i,
                String.valueOf(instructions.get(i)),
                tools,
                action,
                SteCalls.arguments(Fields.text(first, "Action_Input"))));
      }
    }
    return tasks;
  }
}
