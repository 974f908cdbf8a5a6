package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.RunContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A method as a tool. Immutable.
 *
 * @param specification what the model is shown
 * @param schema what arguments are checked against
 * @param policy how it may be used
 */
record ToolMethod(
    Object target,
    Method method,
    List<ToolParameter> parameters,
    ToolSpecification specification,
    ObjectNode schema,
    ArgumentCheck check,
    ToolPolicy policy) {

  String name() {
    return specification.name();
  }

  /** Defaults where the call has no value. */
  void addDefaults(ObjectNode arguments) {
    for (ToolParameter parameter : parameters) {
      JsonNode value = parameter.defaultValue();
      if (value != null && !arguments.has(parameter.name())) {
        arguments.set(parameter.name(), value);
      }
    }
  }

  /** Java values of checked arguments, in the method's order. */
  @Nullable Object[] read(ObjectNode arguments, RunContext context)
      throws UnreadableArgumentException {
    @Nullable Object[] values = new @Nullable Object[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      ToolParameter parameter = parameters.get(i);
      JsonNode value = arguments.get(parameter.name());
      if (parameter.fromContext()) {
        values[i] = context;
      } else if (value == null) {
        values[i] = parameter.absent();
      } else {
        try {
          values[i] = ToolJson.ARGUMENTS.readerFor(parameter.type()).readValue(value);
        } catch (JsonProcessingException | IllegalArgumentException e) {
          throw new UnreadableArgumentException(parameter.name(), e);
        } catch (java.io.IOException e) {
          throw new UnreadableArgumentException(parameter.name(), e);
        }
      }
    }
    return values;
  }

  /** Runs the method and waits for what it promises. */
  @Nullable Object invoke(@Nullable Object[] values) throws Throwable {
    Object result;
    try {
      result = method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (!(result instanceof CompletionStage<?> stage)) {
      return result;
    }
    CompletableFuture<?> future = stage.toCompletableFuture();
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof CompletionException && cause.getCause() != null
          ? cause.getCause()
          : cause;
    }
  }

  /** Whether the method returns nothing, now or later. */
  boolean isVoid() {
    Type type = method.getGenericReturnType();
    return type == void.class
        || type == Void.class
        || type instanceof ParameterizedType stage
            && CompletionStage.class.isAssignableFrom(method.getReturnType())
            && stage.getActualTypeArguments()[0] == Void.class;
  }
}
