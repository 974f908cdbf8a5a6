package io.github.alphaumi.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a ToolAlpaca API, from its {@code Function_Description}: for each function a text
 * whose first line says what it does and whose line {@code Parameters:} holds an object of {@code
 * "[Required. ]type. description"}.
 */
final class ToolAlpacaTools {
  private static final String COMPONENTS = "components";
  private static final String REQUIRED = "Required. ";
  private static final Pattern PARAMETERS =
      Pattern.compile("^Parameters: (.*)$", Pattern.MULTILINE);

  private ToolAlpacaTools() {}

  static List<Map<String, Object>> of(Map<String, @Nullable Object> api) throws BadRecordException {
    List<Map<String, Object>> tools = new ArrayList<>();
    Map<String, @Nullable Object> functions = Fields.object(api, "Function_Description");
    for (String name : functions.keySet()) {
      if (!name.equals(COMPONENTS)) {
        tools.add(tool(name, Fields.text(functions, name)));
      }
    }
    return tools;
  }

  private static Map<String, Object> tool(String name, String description)
      throws BadRecordException {
    Map<String, Object> input = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    Matcher line = PARAMETERS.matcher(description);
    if (line.find()) {
      Map<String, @Nullable Object> parameters =
          Fields.asObject(Fields.value(line.group(1)), "the parameters of " + name);
      for (String parameter : parameters.keySet()) {
        String text = Fields.text(parameters, parameter);
        boolean needed = text.startsWith(REQUIRED);
        if (needed) {
          required.add(parameter);
        }
        input.put(parameter, typed(needed ? text.substring(REQUIRED.length()) : text));
      }
    }
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put(ToolRecord.NAME, name);
    tool.put(ToolRecord.FUNCTION, PythonText.beforeFirst(description, "\n"));
    tool.put(ToolRecord.INPUT, input);
    tool.put(ToolRecord.REQUIRED, required);
    return tool;
  }

  /**
   * "integer. How many" to "integer, How many", "Array[Object{id: string. Whose}. ]. Of whom" to
   * "array[object], Of whom".
   */
  private static String typed(String text) {
    String flat = text.replaceFirst("\\{.*}[.\\s]*", "");
    String type = PythonText.beforeFirst(flat, ".");
    String rest = flat.substring(type.length());
    return type.toLowerCase(Locale.ROOT)
        + ", "
        + (rest.startsWith(".") ? rest.substring(1) : rest).strip();
  }
}
