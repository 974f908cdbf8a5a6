package io.github.alphaumi.tools;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The kinds of a type that has some: a sealed type, or one with Jackson's {@code @JsonSubTypes}. A
 * value names its kind in one member. Members and names are those that langchain4j 1.19 shows: what
 * the annotations say, else {@code type} and the simple name of the class.
 *
 * @param member the member that names the kind
 * @param kinds the concrete classes by their names, in the order in which they are declared
 */
record Subtypes(String member, Map<String, Class<?>> kinds) {

  /** Whether values of the type are of several kinds. */
  static boolean isBase(Class<?> type) {
    boolean declares = type.isSealed() || type.isAnnotationPresent(JsonSubTypes.class);
    return declares && !type.isEnum() && !concrete(type).isEmpty();
  }

  /**
   * @throws UnsupportedTypeException if kinds are named in a way that a schema cannot show, or two
   *     have one name
   */
  static Subtypes of(Class<?> base) throws UnsupportedTypeException {
    check(base);
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (Class<?> kind : concrete(base)) {
      Class<?> twin = kinds.putIfAbsent(name(base, kind), kind);
      if (twin != null) {
        throw new UnsupportedTypeException(
            String.format(
                "%s and %s are both called '%s'; give one another @JsonTypeName",
                twin.getName(), kind.getName(), name(base, kind)));
      }
    }
    return new Subtypes(member(base), kinds);
  }

  /**
   * Refuses what would let a call choose any class, and what puts the name elsewhere than in a
   * member.
   */
  static void check(Class<?> type) throws UnsupportedTypeException {
    JsonTypeInfo info = type.getAnnotation(JsonTypeInfo.class);
    if (info == null || info.use() == JsonTypeInfo.Id.NONE) {
      return;
    }
    if (info.use() != JsonTypeInfo.Id.NAME && info.use() != JsonTypeInfo.Id.SIMPLE_NAME) {
      throw new UnsupportedTypeException(
          "@JsonTypeInfo(use = " + info.use() + ") cannot be shown to a model; use Id.NAME");
    }
    if (info.include() != JsonTypeInfo.As.PROPERTY
        && info.include() != JsonTypeInfo.As.EXISTING_PROPERTY) {
      throw new UnsupportedTypeException(
          "@JsonTypeInfo(include = "
              + info.include()
              + ") cannot be shown to a model; use As.PROPERTY");
    }
  }

  /** Whether a kind may have the member that names it as a member of its own. */
  static boolean mayHaveMember(Class<?> base) {
    JsonTypeInfo info = base.getAnnotation(JsonTypeInfo.class);
    return info != null && (info.visible() || info.include() == JsonTypeInfo.As.EXISTING_PROPERTY);
  }

  static String member(Class<?> base) {
    JsonTypeInfo info = base.getAnnotation(JsonTypeInfo.class);
    if (info == null) {
      return "type";
    }
    return info.property().isBlank() ? info.use().getDefaultPropertyName() : info.property();
  }

  static String name(Class<?> base, Class<?> kind) {
    JsonSubTypes declared = base.getAnnotation(JsonSubTypes.class);
    if (declared != null) {
      for (JsonSubTypes.Type type : declared.value()) {
        if (type.value() == kind && !type.name().isBlank()) {
          return type.name();
        }
      }
    }
    JsonTypeName own = kind.getAnnotation(JsonTypeName.class);
    return own == null || own.value().isBlank() ? kind.getSimpleName() : own.value();
  }

  static Set<Class<?>> concrete(Class<?> base) {
    Set<Class<?>> kinds = new LinkedHashSet<>();
    collect(base, kinds);
    return kinds;
  }

  private static void collect(Class<?> type, Set<Class<?>> kinds) {
    JsonSubTypes declared = type.getAnnotation(JsonSubTypes.class);
    if (declared != null) {
      for (JsonSubTypes.Type kind : declared.value()) {
        collect(kind.value(), kinds);
      }
    } else if (type.isSealed()) {
      for (Class<?> kind : type.getPermittedSubclasses()) {
        collect(kind, kinds);
      }
    } else if (!Modifier.isAbstract(type.getModifiers())) {
      kinds.add(type);
    }
  }
}
