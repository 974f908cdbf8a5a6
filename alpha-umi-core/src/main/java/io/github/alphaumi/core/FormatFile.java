package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A prompt format as its file has it. Immutable.
 *
 * @param beforeToolName how a planner's sentence begins that names a tool; empty where plans have
 *     no such form
 */
record FormatFile(
    String name,
    ToolDocuments toolDocuments,
    String beforeToolName,
    Map<String, String> templates,
    Map<String, List<String>> turns,
    List<String> stops,
    Map<String, Integer> maxTokens) {
  static final String USER = "user";
  static final String PLANNER = "planner";
  static final String CALLER = "caller";
  static final String SUMMARIZER = "summarizer";
  static final String OBSERVATION = "observation";
  static final String BACKBONE = "backbone";

  /** Where a template takes in something; its name is the group. */
  static final Pattern SLOT = Pattern.compile("\\{([A-Za-z_]+)}");

  private static final Set<String> SLOTS =
      ImmutableSet.of("doc", "history", "thought", "tool_names");
  private static final Pattern WORD_MARKER = Pattern.compile("(\\w+): ");

  /**
   * @param origin what errors call it
   * @throws AlphaUmiException if it cannot be read or lacks something
   */
  static FormatFile parse(String json, String origin) {
    FormatFile file = read(json, origin);
    for (Role role : Role.values()) {
      checkSlots(require(file.templates, key(role), "templates", origin), key(role), origin);
      if (require(file.maxTokens, key(role), "maxTokens", origin) < 1) {
        throw invalid(origin, "maxTokens." + key(role) + " is less than 1");
      }
    }
    if (file.templates.containsKey(BACKBONE)) {
      checkSlots(require(file.templates, BACKBONE, "templates", origin), BACKBONE, origin);
    }
    for (String turn : List.of(USER, PLANNER, CALLER, OBSERVATION)) {
      List<String> around = require(file.turns, turn, "turns", origin);
      if (around.size() != 2 || around.contains(null)) {
        throw invalid(
            origin, "turns." + turn + " needs two texts, the one before and the one after");
      }
    }
    if (file.stops.contains(null) || file.stops.contains("")) {
      throw invalid(origin, "stops has an empty text, which would end every turn");
    }
    return file;
  }

  private static FormatFile read(String json, String origin) {
    FormatFile file;
    try {
      file =
          JsonMapper.builder()
              .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
              .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readerFor(FormatFile.class)
              .readValue(json);
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException(
          "prompt format " + origin + ": " + place(e) + e.getOriginalMessage(), e);
    }
    if (file == null) {
      throw invalid(origin, "it is null");
    }
    return file;
  }

  /** The keys that lead to what is wrong, or the line where the text is no JSON. */
  private static String place(JsonProcessingException e) {
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return mapping.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .filter(Objects::nonNull)
              .collect(Collectors.joining("."))
          + ": ";
    }
    return e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
  }

  private static void checkSlots(String template, String role, String origin) {
    Matcher slots = SLOT.matcher(template);
    while (slots.find()) {
      if (!SLOTS.contains(slots.group(1))) {
        throw invalid(
            origin,
            "templates."
                + role
                + " has the unknown slot "
                + slots.group()
                + "; slots are "
                + SLOTS);
      }
    }
  }

  private static AlphaUmiException invalid(String origin, String problem) {
    return new AlphaUmiException("prompt format " + origin + ": " + problem);
  }

  private static <T> T require(Map<String, T> map, String key, String member, String origin) {
    T value = map.get(key);
    if (value == null) {
      throw invalid(origin, member + "." + key + " is missing");
    }
    return value;
  }

  /** What {@link #parse} reads. */
  String toJson() {
    try {
      return JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(this)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers", e);
    }
  }

  /** What the file calls a role. */
  static String key(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws AlphaUmiException if there is none of this name
   */
  String template(String template) {
    return require(templates, template, "templates", name);
  }

  /**
   * What stands before and after a turn.
   *
   * @throws AlphaUmiException if there is no turn of this kind
   */
  List<String> around(String turn) {
    return require(turns, turn, "turns", name);
  }

  int maxTokens(Role role) {
    return require(maxTokens, key(role), "maxTokens", name);
  }

  /**
   * The words that begin turns, in formats that have no control tokens for that: there a text can
   * begin a turn just by saying so. Null in other formats.
   */
  @Nullable Pattern wordMarkers() {
    List<String> words =
        turns.values().stream()
            .map(around -> WORD_MARKER.matcher(around.get(0)))
            .filter(Matcher::matches)
            .map(marker -> Pattern.quote(marker.group(1)))
            .toList();
    return words.isEmpty()
        ? null
        : Pattern.compile("(" + String.join("|", words) + "|system):", Pattern.CASE_INSENSITIVE);
  }
}
