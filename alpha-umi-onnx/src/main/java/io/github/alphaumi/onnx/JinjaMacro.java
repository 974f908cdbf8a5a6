package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaStatement.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a call block, together with the scope in which it was defined. */
final class JinjaMacro implements JinjaObject, JinjaFunction {
  private static final String CALLER = "caller";

  private final JinjaStatement.Macro definition;
  private final JinjaScope closure;
  private final JinjaInterpreter interpreter;

  JinjaMacro(JinjaStatement.Macro definition, JinjaScope closure, JinjaInterpreter interpreter) {
    this.definition = definition;
    this.closure = closure;
    this.interpreter = interpreter;
  }

  @Override
  public String type() {
    return "Macro";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "name" -> definition.name();
      case "arguments" ->
          PythonTuple.copyOf(
              new ArrayList<>(definition.parameters().stream().map(Parameter::name).toList()));
      default -> null;
    };
  }

  @Override
  public Object call(JinjaArguments arguments) {
    JinjaScope scope = new JinjaScope(closure);
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    bindParameters(arguments.positional(), named, scope);
    bindSurplus(arguments.positional(), named, scope);
    return interpreter.callBody(definition.body(), scope);
  }

  private void bindParameters(
      List<Object> positional, Map<String, Object> named, JinjaScope scope) {
    List<Parameter> parameters = definition.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      Object value = named.remove(name);
      if (i < positional.size()) {
        if (value != null) {
          throw new JinjaFault(
              "macro '" + definition.name() + "' got multiple values for argument '" + name + "'");
        }
        value = positional.get(i);
      }
      scope.set(name, value != null ? value : defaultValue(parameters.get(i), scope));
    }
  }

  /** A default is evaluated at each call and sees the parameters before it. */
  private Object defaultValue(Parameter parameter, JinjaScope scope) {
    return parameter.defaultValue() == null
        ? new JinjaUndefined("parameter '" + parameter.name() + "' was not provided")
        : interpreter.evaluate(parameter.defaultValue(), scope);
  }

  private void bindSurplus(List<Object> positional, Map<String, Object> named, JinjaScope scope) {
    int taken = Math.min(positional.size(), definition.parameters().size());
    if (definition.names().contains(CALLER)) {
      Object caller = named.remove(CALLER);
      scope.set(CALLER, caller != null ? caller : new JinjaUndefined("No caller defined"));
    }
    if (definition.names().contains("kwargs")) {
      scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
    } else if (!named.isEmpty()) {
      throw new JinjaFault(
          "macro '"
              + definition.name()
              + "' takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    if (definition.names().contains("varargs")) {
      scope.set("varargs", PythonTuple.copyOf(positional.subList(taken, positional.size())));
    } else if (taken < positional.size()) {
      throw new JinjaFault(
          "macro '"
              + definition.name()
              + "' takes not more than "
              + definition.parameters().size()
              + " argument(s)");
    }
  }
}
