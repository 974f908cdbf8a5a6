package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A method as the code of a tool. Immutable. */
record ToolMethod(Object target, Method method, List<ToolParameter> parameters)
    implements ToolCode {

  @Override
  public void addDefaults(ObjectNode arguments) {
    for (ToolParameter parameter : parameters) {
      JsonNode value = parameter.defaultValue();
      if (value != null && !arguments.has(parameter.name())) {
        arguments.set(parameter.name(), value);
      }
    }
  }

  @Override
  public boolean readsContext() {
    return parameters.stream().anyMatch(ToolParameter::fromContext);
  }

  @Override
  public Work prepare(ObjectNode arguments, ToolContext context)
      throws UnreadableArgumentException {
    @Nullable Object[] values = new @Nullable Object[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      ToolParameter parameter = parameters.get(i);
      JsonNode value = arguments.get(parameter.name());
      if (parameter.fromContext()) {
        values[i] = parameter.type().hasRawClass(ToolContext.class) ? context : context.runId();
      } else {
        values[i] =
            value == null
                ? parameter.absent()
                : ToolJson.read(parameter.name(), value, parameter.type());
      }
    }
    return () -> {
      Object result = Promises.await(invoke(values));
      return isVoid() ? DONE : result;
    };
  }

  private @Nullable Object invoke(@Nullable Object[] values) throws Throwable {
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Whether the method returns nothing, now or later. */
  private boolean isVoid() {
    Type type = method.getGenericReturnType();
    return type == void.class
        || type == Void.class
        || type instanceof ParameterizedType stage
            && isPromise(method.getReturnType())
            && stage.getActualTypeArguments()[0] == Void.class;
  }

  private static boolean isPromise(Class<?> type) {
    return CompletionStage.class.isAssignableFrom(type)
        || Future.class.isAssignableFrom(type)
        || ReactiveResults.isSingle(type);
  }
}
