package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.SearchBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one method a tool, or says why it cannot be one. Used once. */
final class ToolMethodFactory {
  private static final TypeReference<LinkedHashMap<String, Object>> METADATA =
      new TypeReference<>() {};

  private final Object target;
  private final Method method;
  private final Tool annotation;
  private final String name;
  private final Problems problems;
  private final JavaType context;
  private final TypeSchemas types = new TypeSchemas();
  private final ObjectNode schema = ToolJson.ARGUMENTS.createObjectNode().put("type", "object");
  private final List<ToolParameter> parameters = new ArrayList<>();
  private boolean sound = true;

  ToolMethodFactory(Object target, ToolMethods.Family family, Problems problems) {
    this.target = target;
    this.problems = problems;
    method = family.annotated();
    annotation = method.getAnnotation(Tool.class);
    name = ToolMethods.name(family);
    context = ToolJson.ARGUMENTS.constructType(target.getClass());
  }

  /** Empty if there were problems, which have been reported. */
  Optional<CheckedTool> create(ToolPolicy policy) {
    ToolNames.check(name, problems);
    if (method.isVarArgs()) {
      problem("varargs cannot be described to a model; take a List");
      return Optional.empty();
    }
    ReactiveResults.problem(method.getReturnType()).ifPresent(this::problem);
    makeAccessible();
    schema.putObject("properties");
    for (Parameter parameter : method.getParameters()) {
      addParameter(parameter);
    }
    schema.put("additionalProperties", false);
    if (!types.definitions().isEmpty()) {
      schema.set("$defs", types.definitions());
    }
    Map<String, Object> metadata = metadata();
    if (!sound) {
      return Optional.empty();
    }
    ToolSpecification specification =
        ToolSpecification.builder()
            .name(name)
            .description(description())
            .parameters(PublishedSchemas.parameters(schema))
            .metadata(metadata)
            .build();
    return Optional.of(
        new CheckedTool(
            specification,
            schema,
            policy,
            new ToolMethod(target, method, List.copyOf(parameters))));
  }

  private void problem(String problem) {
    sound = false;
    problems.add("tool '" + name + "': " + problem);
  }

  private void makeAccessible() {
    try {
      method.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      problem("its module does not open it: " + e.getMessage());
    }
  }

  private @Nullable String description() {
    String description = String.join("\n", annotation.value());
    return description.isEmpty() ? null : description;
  }

  private Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    try {
      metadata.putAll(ToolJson.RESULTS.readValue(annotation.metadata(), METADATA));
    } catch (JsonProcessingException e) {
      problem("its metadata is not a JSON object: " + annotation.metadata());
    }
    if (annotation.searchBehavior() != SearchBehavior.SEARCHABLE) {
      metadata.put(ToolSpecification.METADATA_SEARCH_BEHAVIOR, annotation.searchBehavior());
    }
    return metadata;
  }

  private void addParameter(Parameter parameter) {
    JavaType type =
        ToolMethods.resolved(parameter.getParameterizedType(), method.getDeclaringClass(), context);
    if (type.hasRawClass(ToolContext.class)) {
      parameters.add(new ToolParameter("", type, null, true));
      return;
    }
    if (parameter.isAnnotationPresent(ToolMemoryId.class)) {
      if (!type.hasRawClass(String.class) && !type.isJavaLangObject()) {
        parameterProblem(parameter.getName(), "a @ToolMemoryId is the id of the run, a String");
      }
      parameters.add(new ToolParameter("", type, null, true));
      return;
    }
    P described = parameter.getAnnotation(P.class);
    boolean named = described != null && !described.name().isBlank();
    if (!named && !parameter.isNamePresent()) {
      problem(
          "parameter '"
              + parameter.getName()
              + "' has no name; compile with -parameters or add @P(name = …)");
    }
    String parameterName = named ? described.name() : parameter.getName();
    if (schema.get("properties").has(parameterName)) {
      parameterProblem(parameterName, "the name is there twice");
    }
    try {
      ObjectNode property = types.schema(type, text(parameterName, described));
      ((ObjectNode) schema.get("properties")).set(parameterName, property);
      JsonNode defaultValue = defaultValue(parameterName, property, described);
      parameters.add(new ToolParameter(parameterName, type, defaultValue, false));
      require(parameterName, type, described, defaultValue);
    } catch (UnsupportedTypeException e) {
      parameterProblem(
          parameterName,
          "type " + parameter.getParameterizedType().getTypeName() + ": " + e.getMessage());
    }
  }

  private void parameterProblem(String parameter, String problem) {
    problem("parameter '" + parameter + "': " + problem);
  }

  private @Nullable String text(String parameter, @Nullable P described) {
    if (described == null) {
      return null;
    }
    if (!described.value().isBlank() && !described.description().isBlank()) {
      parameterProblem(parameter, "@P has both a value and a description; they mean the same");
    }
    String text = described.description().isBlank() ? described.value() : described.description();
    return text.isBlank() ? null : text;
  }

  private void require(
      String parameter, JavaType type, @Nullable P described, @Nullable JsonNode defaultValue) {
    boolean optional =
        TypeSchemas.isOptional(type)
            || described != null
                && (!described.required() || !described.defaultValue().equals(P.NO_DEFAULT));
    if (!optional) {
      schema.withArray("required").add(parameter);
    } else if (type.isPrimitive() && defaultValue == null && sound) {
      parameterProblem(
          parameter,
          "it is optional, but "
              + type.getRawClass()
              + " cannot be absent; use its box, Optional or @P(defaultValue = …)");
    }
  }

  private @Nullable JsonNode defaultValue(
      String parameter, ObjectNode property, @Nullable P described) {
    if (described == null || described.defaultValue().equals(P.NO_DEFAULT)) {
      return null;
    }
    ObjectNode alone = ToolJson.ARGUMENTS.createObjectNode().put("type", "object");
    alone.putObject("properties").set(parameter, property);
    alone.set("$defs", types.definitions());
    ObjectNode written = ToolJson.ARGUMENTS.createObjectNode();
    written.put(parameter, described.defaultValue());
    ObjectNode value = new ArgumentCoercion(alone).coerce(written);
    List<String> wrong = new ArgumentCheck(alone).problems(value);
    if (!wrong.isEmpty() || !value.has(parameter)) {
      String why = wrong.isEmpty() ? "it is empty" : String.join("; ", wrong);
      parameterProblem(
          parameter, "the default value \"" + described.defaultValue() + "\" does not fit: " + why);
      return null;
    }
    return value.get(parameter);
  }
}
