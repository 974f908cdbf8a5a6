package io.github.alphaumi.lab.world;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool under the names that one set of tools gives it.
 *
 * @param description what it is described by, one of the file's or the words of its name; the
 *     specification may say more
 * @param argumentNames offered name of each argument, by the file's name
 * @param resultNames member of what comes back, by the file's name
 * @param layout how what comes back is laid out
 */
record OfferedTool(
    WorldTool tool,
    ToolSpecification specification,
    String description,
    Map<String, String> argumentNames,
    Map<String, String> resultNames,
    ObservationLayout layout) {

  String name() {
    return specification.name();
  }

  /** The call with these values by the file's names, in the order of the schema. */
  ToolCall call(Map<String, Object> values) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (Argument argument : tool.arguments()) {
      if (values.containsKey(argument.name())) {
        named.put(argumentNames.getOrDefault(argument.name(), ""), values.get(argument.name()));
      }
    }
    return new ToolCall(name(), new LinkedHashMap<>(named));
  }

  /** What an argument is called where tools of the set speak of it: "order id" for orderId. */
  String spokenArgument(String argument) {
    return argumentNames
        .getOrDefault(argument, argument)
        .replace('_', ' ')
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  /** What comes back, under the offered names. */
  Map<String, @Nullable Object> observation(Map<String, Object> results, Draws draws) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (Result result : tool.results()) {
      named.put(
          resultNames.getOrDefault(result.name(), ""),
          Objects.requireNonNull(results.get(result.name())));
    }
    return layout.results(named, draws);
  }
}
