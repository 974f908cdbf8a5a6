package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import java.util.Map;

/** Calls as a model writes them: a name and JSON. */
final class Calls {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Calls() {}

  static ToolCall call(String name, String arguments) {
    try {
      return new ToolCall(
          name, JSON.readValue(arguments, new TypeReference<Map<String, Object>>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(arguments, e);
    }
  }

  static Observation run(Toolbox tools, String name, String arguments) {
    return tools.execute(call(name, arguments), new FakeRunContext());
  }
}
