package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code umi train glpft} is told. Paths are relative to the file's folder.
 *
 * @param base a model's folder or GGUF file
 * @param start folder of an adapter, or of a model where full weights are trained, that training
 *     goes on from; null: it begins with the base
 * @param heldOut null: nothing is evaluated
 * @param format of the prompts: its name, or its file
 * @param out folder for all that is made
 * @param seed of the order of the data and, unless a stage says another, of what is added to the
 *     model
 * @param packTokens tokens of a sequence at most
 * @param reuse whether backbone and roles learn from the same tasks; else each task is for one of
 *     the two
 * @param roleWeights of the loss where all roles are learnt; 1 for a role that is missing
 */
record GlpftConfig(
    Path base,
    @Nullable Path start,
    List<Data> data,
    @Nullable HeldOut heldOut,
    String format,
    Path out,
    long seed,
    int packTokens,
    Method method,
    Backbone backbone,
    boolean reuse,
    Map<String, Float> roleWeights,
    TrainingOptions stage1,
    Map<String, TrainingOptions> stage2) {
  static final List<String> ROLES = List.of("planner", "caller", "summarizer");

  /** Stage 2's rates of learning are a fifth of stage 1's, as in the paper. */
  private static final double SECOND_RATE = 0.2;

  /** Tokens of each role's second stage, as a share of the first one's. */
  private static final double SECOND_TOKENS = 0.1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.ALLOW_COMMENTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** Which models are made, and what from: GLPFT and the paper's ablations of it. */
  enum Method {
    /** Stage 1, and from it an adapter for each role. */
    @JsonProperty("trio")
    TRIO,
    /** An adapter for each role, from the base itself. */
    @JsonProperty("one-stage")
    ONE_STAGE,
    /** Stage 1 alone: one model does everything. */
    @JsonProperty("single")
    SINGLE,
    /** One model that learns the roles' own turns, all mixed. */
    @JsonProperty("multi-task")
    MULTI_TASK;

    private boolean hasStage1() {
      return this != ONE_STAGE;
    }

    private boolean hasRoles() {
      return this == TRIO || this == ONE_STAGE;
    }
  }

  /** What stage 1 learns to write. */
  enum Backbone {
    /** The turn of each role behind its cue, as the roles write them. */
    @JsonProperty("turns")
    TURNS,
    /** Rationale and call, or rationale and answer, in one turn, as the paper's backbone does. */
    @JsonProperty("joined")
    JOINED
  }

  /**
   * @param share how many times an epoch has what the file holds
   * @param role whose samples are in it, where they are samples of one role and the file's name
   *     does not say it
   * @param firstPlans whether only the first plan of each task is learnt
   */
  record Data(Path file, double share, @Nullable String role, boolean firstPlans) {}

  /**
   * @param records how many of its records are used at most
   */
  record HeldOut(Path file, int records, @Nullable String role) {}

  private record DataText(
      @Nullable String file,
      @Nullable Double share,
      @Nullable String role,
      @Nullable Boolean firstPlans) {}

  private record HeldOutText(
      @Nullable String file, @Nullable Integer records, @Nullable String role) {}

  /** The file's members. */
  private record Text(
      @Nullable String base,
      @Nullable String start,
      @Nullable List<DataText> data,
      @Nullable HeldOutText heldOut,
      @Nullable String format,
      @Nullable String out,
      @Nullable Long seed,
      @Nullable Integer packTokens,
      @Nullable Method method,
      @Nullable Backbone backbone,
      @Nullable Boolean reuse,
      @Nullable Map<String, Float> roleWeights,
      @Nullable ObjectNode stage1,
      @Nullable Map<String, ObjectNode> stage2) {

    Text with(@Nullable Long otherSeed, @Nullable Path otherOut) {
      return new Text(
          base,
          start,
          data,
          heldOut,
          format,
          otherOut == null ? out : otherOut.toAbsolutePath().toString(),
          otherSeed == null ? seed : otherSeed,
          packTokens,
          method,
          backbone,
          reuse,
          roleWeights,
          stage1,
          stage2);
    }
  }

  /**
   * @param seed instead of the file's; null: the file's
   * @param out relative to the working folder, instead of the file's; null: the file's
   * @throws AlphaUmiException naming the file, the key and what it may be
   */
  static GlpftConfig read(Path file, @Nullable Long seed, @Nullable Path out) {
    try {
      return of(
          JSON.readValue(Files.readString(file), Text.class).with(seed, out),
          file.toAbsolutePath());
    } catch (UnrecognizedPropertyException e) {
      throw new AlphaUmiException(
          "configuration "
              + file
              + ": unknown key '"
              + path(e)
              + "'; known are "
              + new TreeSet<>(Objects.requireNonNull(e.getKnownPropertyIds())),
          e);
    } catch (JsonProcessingException e) {
      String at = e instanceof JsonMappingException mapping ? path(mapping) : "";
      throw new AlphaUmiException(
          "configuration " + file + ": " + (at.isEmpty() ? "" : at + ": ") + e.getOriginalMessage(),
          e);
    } catch (IllegalArgumentException e) {
      throw new AlphaUmiException("configuration " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AlphaUmiException("configuration " + file + " cannot be read: " + e, e);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : at.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static GlpftConfig of(Text text, Path file) {
    Method method = or(text.method, Method.TRIO);
    Backbone backbone = or(text.backbone, Backbone.TURNS);
    boolean reuse = or(text.reuse, true);
    Settings.check(
        reuse || method == Method.TRIO,
        "reuse",
        reuse,
        "left out or true where there are no two stages that could learn from the same tasks");
    Settings.check(
        backbone == Backbone.TURNS || method == Method.TRIO || method == Method.SINGLE,
        "backbone",
        "joined",
        "left out for this method, which has no backbone");
    Settings.check(
        method.hasStage1() || text.stage1 == null,
        "stage1",
        "given",
        "left out for the method one-stage; its settings are those of stage2");
    Settings.check(
        method.hasRoles() || text.stage2 == null,
        "stage2",
        "given",
        "left out for this method, which makes one model; its settings are those of stage1");
    int packTokens = or(text.packTokens, 2_048);
    Settings.check(packTokens > 0, "packTokens", packTokens, "1 or more, such as 2048");
    long seed = or(text.seed, 1L);
    TrainingOptions first = first(text.stage1, seed);
    return new GlpftConfig(
        resolved(file, text.base, "base"),
        text.start == null ? null : resolved(file, text.start, "start"),
        data(text.data, file),
        heldOut(text.heldOut, file),
        format(file, or(text.format, "compact")),
        resolved(file, text.out, "out"),
        seed,
        packTokens,
        method,
        backbone,
        reuse,
        weights(text.roleWeights),
        first,
        second(text.stage2, first, method));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static Path resolved(Path file, @Nullable String path, String key) {
    if (path == null || path.isBlank()) {
      throw new IllegalArgumentException(key + " is missing; it is a path");
    }
    return file.resolveSibling(path).normalize();
  }

  /** A name, or a file. */
  private static String format(Path file, String format) {
    Path named = file.resolveSibling(format);
    return Files.isRegularFile(named) ? named.toString() : format;
  }

  private static List<Data> data(@Nullable List<DataText> texts, Path file) {
    if (texts == null || texts.isEmpty()) {
      throw new IllegalArgumentException(
          "data is missing; it is a list of objects such as {\"file\": \"world.jsonl\"}");
    }
    return texts.stream()
        .map(
            text -> {
              double share = or(text.share, 1.0);
              Settings.check(share > 0, "data.share", share, "more than 0, such as 1");
              return new Data(
                  resolved(file, text.file, "data.file"),
                  share,
                  role(text.role, "data.role"),
                  or(text.firstPlans, false));
            })
        .toList();
  }

  private static @Nullable HeldOut heldOut(@Nullable HeldOutText text, Path file) {
    if (text == null) {
      return null;
    }
    int records = or(text.records, 25);
    Settings.check(records > 0, "heldOut.records", records, "1 or more, such as 25");
    return new HeldOut(
        resolved(file, text.file, "heldOut.file"), records, role(text.role, "heldOut.role"));
  }

  private static @Nullable String role(@Nullable String role, String key) {
    Settings.check(
        role == null || ROLES.contains(role) || role.equals("backbone"),
        key,
        String.valueOf(role),
        "one of " + ROLES + " or backbone");
    return role;
  }

  private static Map<String, Float> weights(@Nullable Map<String, Float> given) {
    Map<String, Float> weights = new LinkedHashMap<>();
    ROLES.forEach(role -> weights.put(role, 1f));
    if (given != null) {
      given.forEach(
          (role, weight) -> {
            Settings.check(ROLES.contains(role), "a role of roleWeights", role, "one of " + ROLES);
            Settings.check(
                weight != null && weight > 0,
                "roleWeights." + role,
                String.valueOf(weight),
                "more than 0");
            weights.put(role, weight);
          });
    }
    return weights;
  }

  private static TrainingOptions first(@Nullable ObjectNode given, long seed) {
    ObjectNode node = given == null ? JSON.createObjectNode() : given.deepCopy();
    if (!node.has("seed")) {
      node.put("seed", seed);
    }
    return named("stage1", () -> TrainingOptions.of(node));
  }

  /** What a role's section does not say is as in stage 1, but for rates and tokens. */
  private static Map<String, TrainingOptions> second(
      @Nullable Map<String, ObjectNode> given, TrainingOptions first, Method method) {
    Map<String, TrainingOptions> all = new LinkedHashMap<>();
    Map<String, ObjectNode> sections = or(given, Map.of());
    sections
        .keySet()
        .forEach(
            role ->
                Settings.check(
                    ROLES.contains(role) || role.equals("all"),
                    "a role of stage2",
                    role,
                    "one of " + ROLES + ", or all for what they have in common"));
    if (method.hasRoles()) {
      boolean fromBase = method == Method.ONE_STAGE;
      for (String role : ROLES) {
        ObjectNode node = first.toJson();
        node.put("decayTokens", 0);
        if (fromBase) {
          node.put("tokens", Math.max(1, first.tokens() / ROLES.size()));
        } else {
          node.put("tokens", Math.max(1, Math.round(first.tokens() * SECOND_TOKENS)));
          node.put("learningRate", first.learningRate() * SECOND_RATE);
          node.put("finalLearningRate", first.finalLearningRate() * SECOND_RATE);
        }
        lay(sections.get("all"), node);
        lay(sections.get(role), node);
        all.put(role, named("stage2." + role, () -> TrainingOptions.of(node)));
      }
    }
    return all;
  }

  private static void lay(@Nullable ObjectNode given, ObjectNode over) {
    if (given != null) {
      given
          .properties()
          .forEach(
              member -> {
                if (over.get(member.getKey()) instanceof ObjectNode inner
                    && member.getValue() instanceof ObjectNode object) {
                  lay(object, inner);
                } else {
                  over.set(member.getKey(), member.getValue());
                }
              });
    }
  }

  private static TrainingOptions named(
      String section, java.util.function.Supplier<TrainingOptions> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(section + ": " + e.getMessage(), e);
    }
  }
}
