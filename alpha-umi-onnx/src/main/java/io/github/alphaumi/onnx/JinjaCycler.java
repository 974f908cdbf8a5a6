package io.github.alphaumi.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code cycler(…)} makes: values in turn. */
final class JinjaCycler implements JinjaObject {
  private final List<Object> values;
  private int position;

  JinjaCycler(JinjaArguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw new JinjaFault("at least one item has to be provided");
    }
    values = arguments.positional();
  }

  @Override
  public String type() {
    return "Cycler";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "current" -> values.get(position);
      case "next" -> (JinjaFunction) arguments -> next();
      case "reset" -> (JinjaFunction) arguments -> reset();
      default -> null;
    };
  }

  private Object next() {
    Object current = values.get(position);
    position = (position + 1) % values.size();
    return current;
  }

  private Object reset() {
    position = 0;
    return PythonNone.NONE;
  }
}
