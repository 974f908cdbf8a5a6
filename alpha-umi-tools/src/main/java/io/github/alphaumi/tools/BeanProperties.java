package io.github.alphaumi.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.langchain4j.model.output.structured.Description;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of an object as Jackson reads it into a record or a class. */
final class BeanProperties {

  /** One member. */
  record Property(String name, JavaType type, boolean required, @Nullable String description) {}

  private BeanProperties() {}

  /**
   * @throws UnsupportedTypeException if Jackson cannot make such an object, or not from these
   *     members alone
   */
  static List<Property> of(JavaType type) throws UnsupportedTypeException {
    if (type.isJavaLangObject()) {
      throw new UnsupportedTypeException("it does not say what it takes; use a record");
    }
    if (type.getRawClass().getName().startsWith("java.")
        || type.getRawClass().getName().startsWith("dev.langchain4j.")) {
      throw new UnsupportedTypeException("use text, a number, a list or a record");
    }
    Subtypes.check(type.getRawClass());
    if (type.isAbstract()) {
      throw new UnsupportedTypeException(
          "it is abstract; use a record or another concrete class, or say which kinds there are:"
              + " make it sealed, or give it @JsonSubTypes");
    }
    if (!(deserializer(type) instanceof BeanDeserializerBase bean)
        || !bean.getValueInstantiator().canInstantiate()
        || bean.getValueInstantiator().canCreateUsingDelegate()) {
      throw new UnsupportedTypeException(
          "Jackson cannot make it from its members; use a record, or a constructor without"
              + " parameters");
    }
    List<Property> properties = new ArrayList<>();
    bean.properties().forEachRemaining(property -> properties.add(property(property)));
    List<String> declared =
        ToolJson.ARGUMENTS.getDeserializationConfig().introspect(type).findProperties().stream()
            .map(BeanPropertyDefinition::getName)
            .toList();
    properties.sort(Comparator.comparingInt(property -> declared.indexOf(property.name())));
    return properties;
  }

  private static @Nullable JsonDeserializer<Object> deserializer(JavaType type)
      throws UnsupportedTypeException {
    DeserializationConfig config = ToolJson.ARGUMENTS.getDeserializationConfig();
    DefaultDeserializationContext context =
        ((DefaultDeserializationContext) ToolJson.ARGUMENTS.getDeserializationContext())
            .createDummyInstance(config);
    try {
      return context.findContextualValueDeserializer(type, null);
    } catch (JsonMappingException e) {
      throw new UnsupportedTypeException("Jackson cannot read it: " + e.getOriginalMessage());
    }
  }

  private static Property property(SettableBeanProperty property) {
    Description description = property.getAnnotation(Description.class);
    JsonProperty marker = property.getAnnotation(JsonProperty.class);
    boolean required =
        marker == null ? !TypeSchemas.isOptional(property.getType()) : property.isRequired();
    return new Property(
        property.getName(),
        property.getType(),
        required,
        description == null ? null : String.join(" ", description.value()));
  }
}
