package io.github.alphaumi.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code loop} variable. Moves on with its loop; not thread-safe. */
final class JinjaLoop implements JinjaObject, JinjaFunction {
  private final List<Object> elements;
  private final int depth;
  private final JinjaRuntime runtime;
  private final @Nullable JinjaFunction recursion;
  private int index = -1;
  private @Nullable Object lastChanged;

  /**
   * @param depth 0 for the outermost of recursive loops
   * @param recursion what calling the loop does, null unless it is recursive
   */
  JinjaLoop(
      List<Object> elements, int depth, JinjaRuntime runtime, @Nullable JinjaFunction recursion) {
    this.elements = elements;
    this.depth = depth;
    this.runtime = runtime;
    this.recursion = recursion;
  }

  Object advance() {
    return elements.get(++index);
  }

  int size() {
    return elements.size();
  }

  int depth() {
    return depth;
  }

  @Override
  public String type() {
    return "LoopContext";
  }

  @Override
  public @Nullable Object attribute(String name) {
    long size = elements.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> size - index;
      case "revindex0" -> size - index - 1;
      case "first" -> index == 0;
      case "last" -> index == size - 1;
      case "length" -> size;
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" ->
          index > 0 ? elements.get(index - 1) : new JinjaUndefined("there is no previous item");
      case "nextitem" ->
          index < size - 1 ? elements.get(index + 1) : new JinjaUndefined("there is no next item");
      case "cycle" -> (JinjaFunction) this::cycle;
      case "changed" -> (JinjaFunction) this::changed;
      default -> null;
    };
  }

  private Object cycle(JinjaArguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new JinjaFault("no items for cycling given");
    }
    return values.get(index % values.size());
  }

  private Object changed(JinjaArguments arguments) {
    Object value = PythonTuple.copyOf(arguments.positional());
    boolean changed = lastChanged == null || !runtime.operators().equal(lastChanged, value);
    lastChanged = value;
    return changed;
  }

  @Override
  public Object call(JinjaArguments arguments) {
    if (recursion == null) {
      throw new JinjaFault("The loop must have the 'recursive' marker to be called recursively.");
    }
    return recursion.call(arguments);
  }
}
