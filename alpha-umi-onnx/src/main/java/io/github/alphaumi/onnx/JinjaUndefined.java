package io.github.alphaumi.onnx;

/**
 * What stands for a variable, attribute or element that is not there: empty and false, and an error
 * once something is done with it. Also stands for what the sandbox forbids.
 *
 * @param message what is wrong with using it
 */
record JinjaUndefined(String message) {
  static JinjaUndefined name(String name) {
    return new JinjaUndefined("'" + name + "' is undefined");
  }

  static JinjaUndefined attribute(Object target, String name) {
    return new JinjaUndefined("'" + describe(target) + "' has no attribute '" + name + "'");
  }

  static JinjaUndefined element(Object target, String key) {
    return new JinjaUndefined(describe(target) + " has no element " + key);
  }

  static JinjaUndefined forbidden(Object target, String name) {
    return new JinjaUndefined(
        "access to attribute '"
            + name
            + "' of '"
            + PythonValues.type(target)
            + "' object is unsafe.");
  }

  JinjaFault fault() {
    return new JinjaFault(message);
  }

  private static String describe(Object target) {
    return target == PythonNone.NONE ? "None" : PythonValues.type(target) + " object";
  }
}
