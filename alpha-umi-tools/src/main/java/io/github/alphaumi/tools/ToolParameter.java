package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a tool method.
 *
 * @param name as the model knows it
 * @param type what Jackson reads
 * @param defaultValue what is used where the call has none
 * @param fromContext whether the run's context is passed and the model knows nothing of it
 */
record ToolParameter(
    String name, JavaType type, @Nullable JsonNode defaultValue, boolean fromContext) {

  /** What the method gets if the call has no value and there is no default. */
  @Nullable Object absent() {
    Class<?> raw = type.getRawClass();
    if (type.hasRawClass(Optional.class)) {
      return Optional.empty();
    }
    if (raw == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (raw == OptionalLong.class) {
      return OptionalLong.empty();
    }
    return raw == OptionalDouble.class ? OptionalDouble.empty() : null;
  }
}
