package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.langchain4j.agent.tool.Tool;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tool methods of an object: of its class, of superclasses and of interfaces, whatever their
 * visibility. A method that overrides another is the same tool; annotations are taken from the
 * first of them that has one, so that a proxy's subclass changes nothing.
 */
final class ToolMethods {

  /** Methods that override each other, the most specific first. */
  record Family(List<Method> methods) {

    <A extends Annotation> Optional<A> annotation(Class<A> type) {
      return methods.stream()
          .flatMap(method -> Arrays.stream(method.getAnnotationsByType(type)))
          .findFirst();
    }

    /** The one that is a tool: its parameters are what a model is shown. */
    Method annotated() {
      return methods.stream()
          .filter(method -> method.isAnnotationPresent(Tool.class))
          .findFirst()
          .orElseThrow();
    }
  }

  private ToolMethods() {}

  /** In order of tool names: reflection has no order of its own that would last. */
  static List<Family> of(Class<?> type) {
    Map<List<Object>, List<Method>> families = new LinkedHashMap<>();
    JavaType context = ToolJson.ARGUMENTS.constructType(type);
    for (Class<?> owner : hierarchy(type)) {
      for (Method method : owner.getDeclaredMethods()) {
        if (!method.isBridge() && !method.isSynthetic()) {
          families
              .computeIfAbsent(signature(method, context), key -> new ArrayList<>())
              .add(method);
        }
      }
    }
    return families.values().stream()
        .map(Family::new)
        .filter(family -> family.annotation(Tool.class).isPresent())
        .sorted(Comparator.comparing(family -> name(family)))
        .toList();
  }

  static String name(Family family) {
    String name = family.annotation(Tool.class).map(Tool::name).orElse("");
    return name.isBlank() ? family.annotated().getName() : name;
  }

  /** A parameter's type as the object has it, type variables of superclasses filled in. */
  static JavaType resolved(Type type, Class<?> owner, JavaType context) {
    TypeFactory types = ToolJson.ARGUMENTS.getTypeFactory();
    JavaType declaring = context.findSuperType(owner);
    return types.resolveMemberType(
        type, declaring == null ? context.getBindings() : declaring.getBindings());
  }

  private static List<Object> signature(Method method, JavaType context) {
    List<Object> signature = new ArrayList<>();
    signature.add(method.getName());
    for (Type parameter : method.getGenericParameterTypes()) {
      signature.add(resolved(parameter, method.getDeclaringClass(), context).getRawClass());
    }
    if (Modifier.isPrivate(method.getModifiers())) {
      signature.add(method.getDeclaringClass());
    }
    return signature;
  }

  private static Set<Class<?>> hierarchy(Class<?> type) {
    Set<Class<?>> classes = new LinkedHashSet<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      classes.add(c);
    }
    for (Class<?> c : List.copyOf(classes)) {
      addInterfaces(c, classes);
    }
    return classes;
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> classes) {
    for (Class<?> parent : type.getInterfaces()) {
      classes.add(parent);
      addInterfaces(parent, classes);
    }
  }
}
