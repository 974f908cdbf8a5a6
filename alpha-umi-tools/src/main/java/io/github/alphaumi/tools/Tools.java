package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Toolbox;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Toolboxes of plain functions.
 *
 * <pre>{@code
 * record Amount(double amount, Currency from, Currency to) {}
 *
 * Toolbox tools =
 *     Toolbox.of(
 *         AnnotatedTools.of(orders),
 *         Tools.function("convert", "Converts an amount of money", Amount.class, rates::convert));
 * }</pre>
 */
public final class Tools {
  private Tools() {}

  /** A tool without arguments. */
  public static Toolbox function(String name, String description, Supplier<?> code) {
    return function(name, description, NoArguments.class, arguments -> code.get());
  }

  /**
   * A tool whose arguments are the members of a record or class, with the default policy.
   *
   * @param arguments as for a parameter of an annotated method; {@code @Description} and {@code
   *     Optional} members say what the model is told
   * @throws AlphaUmiException if the name or the type cannot be used
   */
  public static <T> Toolbox function(
      String name, String description, Class<T> arguments, Function<T, ?> code) {
    return function(
        name, description, arguments, ToolPolicy.defaults(), (given, context) -> code.apply(given));
  }

  /**
   * A tool whose arguments are the members of a record or class.
   *
   * @param code gets the arguments and what it may know of its call
   * @throws AlphaUmiException if the name or the type cannot be used, or the policy repeats calls
   *     that must not be repeated
   */
  public static <T> Toolbox function(
      String name,
      String description,
      Class<T> arguments,
      ToolPolicy policy,
      BiFunction<T, ToolContext, ?> code) {
    Problems problems = new Problems();
    ToolNames.check(name, problems);
    JavaType type = ToolJson.ARGUMENTS.constructType(arguments);
    ObjectNode schema = ToolJson.ARGUMENTS.createObjectNode();
    try {
      schema = TypeSchemas.ofArguments(type);
    } catch (UnsupportedTypeException e) {
      problems.add("tool '" + name + "': type " + arguments.getName() + ": " + e.getMessage());
    }
    problems.throwIfAny();
    ToolSpecification specification =
        ToolSpecification.builder()
            .name(name)
            .description(description)
            .parameters(PublishedSchemas.parameters(schema))
            .build();
    ToolCode body = (given, context) -> call(name, type, given, context, code);
    return new CheckedToolbox(
        List.of(new CheckedTool(specification, schema, policy, body)),
        ToolThreads.create(),
        System::nanoTime);
  }

  @SuppressWarnings("unchecked")
  private static <T> ToolCode.Work call(
      String name,
      JavaType type,
      ObjectNode given,
      ToolContext context,
      BiFunction<T, ToolContext, ?> code)
      throws UnreadableArgumentException {
    T arguments = (T) ToolJson.read(name, given, type);
    return () -> Promises.await(code.apply(arguments, context));
  }

  private record NoArguments() {}
}
