package io.github.alphaumi.onnx;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Python's tuple: a list that prints and compares otherwise; its elements may have names.
 * Immutable.
 */
final class PythonTuple extends AbstractList<Object> implements RandomAccess {
  private final List<Object> elements;
  private final List<String> names;

  private PythonTuple(List<Object> elements, List<String> names) {
    this.elements = elements;
    this.names = names;
  }

  static PythonTuple of(Object... elements) {
    return new PythonTuple(List.of(elements), List.of());
  }

  static PythonTuple copyOf(List<Object> elements) {
    return new PythonTuple(List.copyOf(elements), List.of());
  }

  PythonTuple named(String... elementNames) {
    return new PythonTuple(elements, List.of(elementNames));
  }

  List<String> names() {
    return names;
  }

  @Override
  public Object get(int index) {
    return elements.get(index);
  }

  @Override
  public int size() {
    return elements.size();
  }
}
