package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.alphaumi.core.Journal.Failure.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of an entry's data: written once, or read with errors that name the entry. */
final class JournalData {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** For half a character, which UTF-8 cannot carry and models do write. */
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final String name;
  private final Map<?, ?> members;

  private JournalData(String name, Map<?, ?> members) {
    this.name = name;
    this.members = members;
  }

  static JournalData read(String name, String data) {
    try {
      if (JSON.readValue(data, Object.class) instanceof Map<?, ?> members) {
        return new JournalData(name, members);
      }
    } catch (JsonProcessingException e) {
      throw new Journal.Failure(
          Reason.DAMAGED, name + ": its data is no JSON: " + e.getOriginalMessage(), e);
    }
    throw new Journal.Failure(Reason.DAMAGED, name + ": its data is no JSON object");
  }

  static String write(Map<String, ? extends @Nullable Object> members) {
    try {
      String text = JSON.writeValueAsString(members);
      return isWellFormed(text) ? text : ASCII.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a journal takes arguments of text, numbers, booleans, null, lists and maps: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The same entry with other members. */
  JournalData with(Map<String, ? extends @Nullable Object> others) {
    return new JournalData(name, others);
  }

  Map<?, ?> all() {
    return members;
  }

  boolean has(String member) {
    return members.get(member) != null;
  }

  String text(String member) {
    return required(member, String.class, "a text");
  }

  long number(String member) {
    return required(member, Number.class, "a number").longValue();
  }

  boolean flag(String member) {
    return required(member, Boolean.class, "true or false");
  }

  <E extends Enum<E>> E constant(Class<E> type, String member) {
    try {
      return Enum.valueOf(type, text(member));
    } catch (IllegalArgumentException e) {
      throw damaged(member, "one of " + List.of(type.getEnumConstants()));
    }
  }

  Map<?, ?> map(String member) {
    return required(member, Map.class, "an object");
  }

  JournalData object(String member) {
    return new JournalData(name + ", " + member, map(member));
  }

  /** The objects of a list; none if it is not there. */
  List<JournalData> objects(String member) {
    if (!has(member)) {
      return List.of();
    }
    List<?> list = required(member, List.class, "a list");
    return list.stream()
        .map(
            item -> {
              if (item instanceof Map<?, ?> map) {
                return new JournalData(name + ", " + member, map);
              }
              throw damaged(member, "a list of objects");
            })
        .toList();
  }

  private <T> T required(String member, Class<T> type, String what) {
    Object value = members.get(member);
    if (!type.isInstance(value)) {
      throw damaged(member, what);
    }
    return type.cast(value);
  }

  private Journal.Failure damaged(String member, String what) {
    return new Journal.Failure(
        Reason.DAMAGED,
        String.format("%s: member '%s' is %s, not %s", name, member, members.get(member), what));
  }

  static Map<String, @Nullable Object> member(String name, Object value) {
    Map<String, @Nullable Object> members = members();
    members.put(name, value);
    return members;
  }

  /** A map that keeps the order in which members are put. */
  static Map<String, @Nullable Object> members() {
    return new LinkedHashMap<>();
  }
}
