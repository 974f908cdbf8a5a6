package io.github.alphaumi.tools;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets Jackson read the kinds of a type by the names that its schema shows. */
final class SubtypeIntrospector extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    JsonTypeInfo.Value written = super.findPolymorphicTypeInfo(config, annotated);
    if (written != null || !isBase(annotated)) {
      return written;
    }
    String member = Subtypes.member(annotated.getRawType());
    return JsonTypeInfo.Value.construct(
        JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, member, null, false, null, null);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    if (!isBase(annotated)) {
      return super.findSubtypes(annotated);
    }
    Class<?> base = annotated.getRawType();
    return Subtypes.concrete(base).stream()
        .map(kind -> new NamedType(kind, Subtypes.name(base, kind)))
        .toList();
  }

  private static boolean isBase(Annotated annotated) {
    return annotated instanceof AnnotatedClass && Subtypes.isBase(annotated.getRawType());
  }
}
