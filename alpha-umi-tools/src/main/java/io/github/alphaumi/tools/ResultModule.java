package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.BaseStream;

/**
 * What is particular about results: numbers without exponents, the same order every time, and no
 * binary data or streams, of which a model can read nothing.
 */
final class ResultModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  ResultModule() {
    super("alpha-umi-results");
    addSerializer(new Plain<>(Double.class));
    addSerializer(new Plain<>(Float.class));
    List.of(
            byte[].class,
            InputStream.class,
            Reader.class,
            Buffer.class,
            BaseStream.class,
            Iterator.class)
        .forEach(this::refuse);
    setSerializerModifier(new StableOrder());
  }

  private <T> void refuse(Class<T> type) {
    addSerializer(
        type,
        new StdSerializer<T>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            provider.reportBadDefinition(
                type,
                "a model can read nothing of type "
                    + type.getSimpleName()
                    + "; return text, a list, or a reference to where the data is");
          }
        });
  }

  /** Numbers as Python writes them, as far as that is without an exponent. */
  private static final class Plain<T extends Number> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;

    Plain(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      double size = Math.abs(value.doubleValue());
      if (size == 0 || (size >= 1e-4 && size < 1e16)) {
        BigDecimal decimal = new BigDecimal(value.toString());
        out.writeNumber(decimal.setScale(Math.max(1, decimal.scale())));
      } else {
        out.writeNumber(value.doubleValue());
      }
    }
  }

  /** Sorts what has no order of its own: the same result must be the same text in each run. */
  private static final class StableOrder extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerializer<?> modifyMapSerializer(
        SerializationConfig config,
        MapType type,
        BeanDescription description,
        JsonSerializer<?> serializer) {
      return unordered(type.getRawClass(), HashMap.class, ConcurrentHashMap.class)
          ? new SortedMapSerializer()
          : serializer;
    }

    @Override
    public JsonSerializer<?> modifyCollectionSerializer(
        SerializationConfig config,
        CollectionType type,
        BeanDescription description,
        JsonSerializer<?> serializer) {
      return unordered(type.getRawClass(), HashSet.class, ConcurrentHashMap.KeySetView.class)
              && Set.class.isAssignableFrom(type.getRawClass())
          ? new SortedSetSerializer()
          : serializer;
    }

    private static boolean unordered(Class<?> type, Class<?>... known) {
      return List.of(known).contains(type)
          || type.getName().startsWith("java.util.ImmutableCollections");
    }
  }

  private static final class SortedMapSerializer extends StdSerializer<Map<?, ?>> {
    private static final long serialVersionUID = 1L;

    SortedMapSerializer() {
      super(Map.class, false);
    }

    @Override
    public void serialize(Map<?, ?> map, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      Map<Object, Object> sorted = new LinkedHashMap<>();
      map.entrySet().stream()
          .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
          .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      provider.defaultSerializeValue(sorted, out);
    }
  }

  private static final class SortedSetSerializer extends StdSerializer<Collection<?>> {
    private static final long serialVersionUID = 1L;

    SortedSetSerializer() {
      super(Collection.class, false);
    }

    @Override
    public void serialize(Collection<?> set, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      List<Object> sorted = new ArrayList<>(set);
      sorted.sort(
          set.stream().allMatch(Number.class::isInstance)
              ? Comparator.comparingDouble(number -> ((Number) number).doubleValue())
              : Comparator.comparing(String::valueOf));
      provider.defaultSerializeValue(sorted, out);
    }
  }
}
