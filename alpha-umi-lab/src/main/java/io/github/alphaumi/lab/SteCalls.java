package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The test set of STE (arXiv 2403.04746): queries by API. As many tools are offered as wanted, the
 * right one among others that a seed draws. Names such as {@code BART%%Advisory information} become
 * names that a model can write.
 */
final class SteCalls {
  private static final String BEFORE_DESCRIPTION = "Description: ";

  /** APIs whose description is prose hold their arguments in it: {@code {{"date" : string, }}}. */
  private static final Pattern PROSE =
      Pattern.compile("^(.*?)\\.*\\s*Your input should be a json.*?\\{\\{(.*?)}}", Pattern.DOTALL);

  private static final Pattern ARGUMENT = Pattern.compile("\"(\\w+)\"\\s*:\\s*(\\w+)");

  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s");

  private SteCalls() {}

  /**
   * @param offered how many tools are on offer
   */
  static List<CallTask> read(Map<String, @Nullable Object> file, int offered, long seed)
      throws BadRecordException {
    Map<String, ToolSpecification> tools = new LinkedHashMap<>();
    for (String api : file.keySet()) {
      Map<String, @Nullable Object> first = Fields.objects(file, api).get(0);
      tools.put(api, ToolRecord.specification(tool(api, Fields.text(first, "api_descriptions"))));
    }
    List<CallTask> tasks = new ArrayList<>();
    for (String api : file.keySet()) {
      for (Map<String, @Nullable Object> record : Fields.objects(file, api)) {
        ToolSpecification right = tools.get(api);
        if (right == null) {
          throw new BadRecordException(api + " has no description");
        }
        Random random = new Random(seed + tasks.size());
        List<ToolSpecification> others = new ArrayList<>(tools.values());
        others.remove(right);
        Collections.shuffle(others, random);
        List<ToolSpecification> onOffer =
            new ArrayList<>(others.subList(0, Math.min(offered - 1, others.size())));
        onOffer.add(random.nextInt(onOffer.size() + 1), right);
        tasks.add(
            new CallTask(
                "ste " + tasks.size(),
                Fields.text(record, "query"),
                onOffer,
                right.name(),
                arguments(Fields.text(record, "action_input"))));
      }
    }
    return tasks;
  }

  static @Nullable Map<String, @Nullable Object> arguments(String json) {
    try {
      return Fields.asObject(Fields.value(json), "the arguments");
    } catch (BadRecordException e) {
      return null;
    }
  }

  private static Map<String, @Nullable Object> tool(String api, String descriptions)
      throws BadRecordException {
    String description = PythonText.afterLast(descriptions, BEFORE_DESCRIPTION);
    Map<String, Object> input = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    String text;
    if (description.startsWith("{")) {
      Map<String, @Nullable Object> json = Fields.asObject(Fields.value(description), api);
      for (Map<String, @Nullable Object> parameter : Fields.objects(json, "required_parameters")) {
        argument(input, parameter);
        required.add(Fields.text(parameter, "name"));
      }
      for (Map<String, @Nullable Object> parameter : Fields.objects(json, "optional_parameters")) {
        argument(input, parameter);
      }
      text = text(json);
    } else {
      Matcher prose = PROSE.matcher(description);
      boolean found = prose.find();
      text = found ? prose.group(1).strip() : description.strip();
      Matcher arguments = ARGUMENT.matcher(found ? prose.group(2) : "");
      while (arguments.find()) {
        input.put(arguments.group(1), arguments.group(2));
        required.add(arguments.group(1));
      }
    }
    String[] parts = api.split("%%", 2);
    String name =
        parts.length == 1
            ? ToolBenchNames.standardize(api)
            : ToolBenchNames.function(parts[1], parts[0]);
    Map<String, @Nullable Object> tool = new LinkedHashMap<>();
    tool.put(ToolRecord.NAME, name);
    tool.put(ToolRecord.FUNCTION, text);
    tool.put(ToolRecord.INPUT, input);
    tool.put(ToolRecord.REQUIRED, required);
    return tool;
  }

  /**
   * The first sentence on the whole tool, then what this API of it does, since the published prompt
   * has both: {@code Disciplina alumno 1} tells next to nothing without {@code Colegio Santa Ana}.
   */
  private static String text(Map<String, @Nullable Object> json) throws BadRecordException {
    String[] about =
        SENTENCE_END.split(Fields.text(json, "parent_tool_description", "").strip(), 2);
    String tool = ended(about[0]);
    String api = ended(Fields.text(json, "description", "").strip());
    return tool.isEmpty() || api.startsWith(tool) ? api : (tool + " " + api).strip();
  }

  private static String ended(String sentence) {
    return sentence.isEmpty() || sentence.matches("(?s).*\\p{IsPunctuation}")
        ? sentence
        : sentence + ".";
  }

  private static void argument(Map<String, Object> input, Map<String, @Nullable Object> parameter)
      throws BadRecordException {
    String type =
        switch (Fields.text(parameter, "type", "STRING").toUpperCase(Locale.ROOT)) {
          case "NUMBER" -> "number";
          case "BOOLEAN" -> "boolean";
          default -> "string";
        };
    input.put(
        Fields.text(parameter, "name"), type + ", " + Fields.text(parameter, "description", ""));
  }
}
