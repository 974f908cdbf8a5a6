package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.Resources;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How task, tools and history become the raw prompt of a tuned role: a template for each role, the
 * text around each turn, and how tools are described, all kept in one JSON file. Training,
 * evaluation and live runs build their prompts here. Immutable.
 *
 * <p>Templates have the slots {@code {doc}}, {@code {history}}, {@code {thought}} and {@code
 * {tool_names}} of the published format (arXiv 2401.07324 and its data) and end with the cue after
 * which the role writes.
 */
public final class PromptFormat {
  private static final Set<String> SLOTS =
      ImmutableSet.of("doc", "history", "thought", "tool_names");
  private static final Pattern SLOT = Pattern.compile("\\{([A-Za-z_]+)}");

  private final FormatFile file;

  private PromptFormat(FormatFile file) {
    this.file = file;
  }

  /**
   * The file's content.
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
      Map<String, Integer> maxTokens) {}

  /**
   * The published format's slots, cues and history, for models of Llama 2's size; the wording of
   * its templates is our own.
   */
  public static PromptFormat alphaUmi() {
    return named("alpha-umi");
  }

  /** ChatML turns and one line a tool: the format of the embedded model. */
  public static PromptFormat compact() {
    return named("compact");
  }

  private static PromptFormat named(String name) {
    URL resource = Resources.getResource(PromptFormat.class, name + ".json");
    try {
      return parse(Resources.toString(resource, StandardCharsets.UTF_8), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A format from a file laid out as the ones in this library's jar ({@code compact.json}).
   *
   * @throws AlphaUmiException if it cannot be read or lacks something
   */
  public static PromptFormat load(Path path) {
    try {
      return parse(Files.readString(path), path.toString());
    } catch (IOException e) {
      throw new AlphaUmiException("prompt format " + path + " cannot be read: " + e, e);
    }
  }

  private static PromptFormat parse(String json, String origin) {
    FormatFile file = read(json, origin);
    for (Role role : Role.values()) {
      checkSlots(require(file.templates, key(role), "templates", origin), key(role), origin);
      if (require(file.maxTokens, key(role), "maxTokens", origin) < 1) {
        throw invalid(origin, "maxTokens." + key(role) + " is less than 1");
      }
    }
    for (String turn : List.of("user", "planner", "caller", "observation")) {
      List<String> around = require(file.turns, turn, "turns", origin);
      if (around.size() != 2 || around.contains(null)) {
        throw invalid(
            origin, "turns." + turn + " needs two texts, the one before and the one after");
      }
    }
    if (file.stops.contains(null) || file.stops.contains("")) {
      throw invalid(origin, "stops has an empty text, which would end every turn");
    }
    return new PromptFormat(file);
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

  private static String key(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  public String name() {
    return file.name;
  }

  /**
   * The prompt after which the role writes.
   *
   * @param plan this step's decision, which caller and summarizer read; null for the planner
   */
  public Prompt prompt(
      Role role, Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools) {
    String template = require(file.templates, key(role), "templates", name());
    Prompt.Builder prompt = Prompt.builder();
    Matcher slots = SLOT.matcher(template);
    int from = 0;
    while (slots.find()) {
      prompt.control(template.substring(from, slots.start()));
      switch (slots.group(1)) {
        case "doc" -> prompt.text(file.toolDocuments.describe(tools));
        case "history" -> history(prompt, trajectory, plan);
        case "thought" -> prompt.text(plan == null ? "" : DecisionText.write(plan));
        default ->
            prompt.text(
                tools.stream().map(ToolSpecification::name).collect(Collectors.joining(", ")));
      }
      from = slots.end();
    }
    return prompt.control(template.substring(from)).build();
  }

  private void history(Prompt.Builder prompt, Trajectory trajectory, @Nullable Decision plan) {
    turn(prompt, "user", trajectory.task());
    for (Step step : trajectory.steps()) {
      turn(prompt, "planner", DecisionText.write(step.plan()));
      step.call().ifPresent(call -> turn(prompt, "caller", CallText.write(call)));
      turn(prompt, "observation", observation(step.observation()));
    }
    if (plan != null) {
      turn(prompt, "planner", DecisionText.write(plan));
    }
  }

  private void turn(Prompt.Builder prompt, String kind, String text) {
    List<String> around = require(file.turns, kind, "turns", name());
    prompt.control(around.get(0)).text(text).control(around.get(1));
  }

  /** JSON is written anew, because models were trained on one way of writing it. */
  private static String observation(Observation observation) {
    Optional<Object> value = JsonValues.parse(observation.text());
    return value.map(PythonJson::write).orElse(observation.text());
  }

  Constraint constraint(Role role, List<ToolSpecification> tools) {
    return switch (role) {
      case PLANNER ->
          new Constraint.EndsWith(
              DecisionText.ENDINGS,
              file.beforeToolName,
              tools.stream().map(ToolSpecification::name).toList());
      case CALLER -> new Constraint.CallOf(tools, CallText.BEFORE_NAME, CallText.BEFORE_ARGUMENTS);
      case SUMMARIZER -> Constraint.none();
    };
  }

  List<String> stops() {
    return file.stops;
  }

  int maxTokens(Role role) {
    return require(file.maxTokens, key(role), "maxTokens", name());
  }
}
