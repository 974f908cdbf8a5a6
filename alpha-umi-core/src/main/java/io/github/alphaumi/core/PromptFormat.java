package io.github.alphaumi.core;

import com.google.common.io.Resources;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Trajectory.Attempt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Characters of an observation in the published real-time runs. */
  private static final int PUBLISHED_OBSERVATION = 1_024;

  /** Tokens that the published real-time runs leave free besides those to be written. */
  private static final int PUBLISHED_SLACK = 8;

  private final FormatFile file;
  private final boolean asPublished;
  private final @Nullable Pattern wordMarkers;

  private PromptFormat(FormatFile file, boolean asPublished) {
    this.file = file;
    this.asPublished = asPublished;
    wordMarkers = asPublished ? null : file.wordMarkers();
  }

  /** A text that others wrote, with a space in what would begin a turn. */
  private String defused(String text) {
    return wordMarkers == null ? text : wordMarkers.matcher(text).replaceAll("$1 :");
  }

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

  /**
   * This format with the published way to make prompts fit, for comparison: observations are cut
   * after 1,024 characters, and of a prompt that is too long the beginning is lost (of 4,096
   * positions with 512 to write, the last 3,576 tokens stay).
   */
  public PromptFormat asPublished() {
    return new PromptFormat(file, true);
  }

  private static PromptFormat named(String name) {
    URL resource = Resources.getResource(PromptFormat.class, name + ".json");
    try {
      String json = Resources.toString(resource, StandardCharsets.UTF_8);
      return new PromptFormat(FormatFile.parse(json, name), false);
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
      return new PromptFormat(FormatFile.parse(Files.readString(path), path.toString()), false);
    } catch (IOException e) {
      throw new AlphaUmiException("prompt format " + path + " cannot be read: " + e, e);
    }
  }

  public String name() {
    return file.name();
  }

  /**
   * What ends a text that a role writes, as models are trained to write it: the first of the
   * format's stops; empty in a format without any, where the model's own end token has to do.
   */
  public String ending() {
    return file.stops().isEmpty() ? "" : file.stops().get(0);
  }

  /** The file that {@link #load} reads this format from. */
  public String toJson() {
    return file.toJson();
  }

  /**
   * A turn of a conversation that is kept as text, as data sets keep it.
   *
   * @param kind {@code user}, {@code planner}, {@code caller}, {@code observation} or {@code
   *     summarizer}
   */
  public record Turn(String kind, String text) {}

  /**
   * The prompt after which the role writes. In formats whose turns begin with plain words and not
   * with control tokens, such as the published one, texts of users, models and tools have a space
   * put into such words ({@code assistant :}), so that a tool's result cannot begin a turn; not as
   * published.
   *
   * @param plan this step's decision, which caller and summarizer read; null for the planner
   */
  public Prompt prompt(
      Role role, Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools) {
    return prompt(
        FormatFile.key(role),
        defused(file.toolDocuments().describe(tools)),
        turns(trajectory, plan),
        plan == null ? "" : defused(write(plan)),
        tools.stream().map(ToolSpecification::name).toList());
  }

  /**
   * The prompt of a single model that plays all roles at once (the paper's backbone): its turns are
   * the rationale and the call in one, and so is what it writes.
   *
   * @throws AlphaUmiException if the format has no template for it
   */
  public Prompt backbonePrompt(Trajectory trajectory, List<ToolSpecification> tools) {
    List<Turn> turns = new ArrayList<>();
    turns.add(turn(FormatFile.USER, trajectory.task()));
    for (Step step : trajectory.steps()) {
      String rationale = step.plan().rationale();
      for (Step.Outcome outcome : step.outcomes()) {
        String said = rationale;
        turns.add(
            turn(
                FormatFile.PLANNER,
                outcome.call().map(call -> said + "\n" + write(call)).orElse(said).strip()));
        turns.add(turn(FormatFile.OBSERVATION, observation(outcome.observation())));
        rationale = "";
      }
    }
    return prompt(
        FormatFile.BACKBONE,
        defused(file.toolDocuments().describe(tools)),
        turns,
        "",
        tools.stream().map(ToolSpecification::name).toList());
  }

  /**
   * A prompt from texts that are taken as they are, for data whose bytes matter.
   *
   * @param template whose template: {@code planner}, {@code caller}, {@code summarizer} or {@code
   *     backbone}
   * @param doc how the tools are described
   * @param thought the planner's turn of this step, for the caller
   * @throws AlphaUmiException if the format lacks the template or the form of a turn
   */
  public Prompt prompt(
      String template, String doc, List<Turn> history, String thought, List<String> toolNames) {
    String text = file.template(template);
    Prompt.Builder prompt = Prompt.builder();
    Matcher slots = FormatFile.SLOT.matcher(text);
    int from = 0;
    while (slots.find()) {
      prompt.control(text.substring(from, slots.start()));
      switch (slots.group(1)) {
        case "doc" -> prompt.text(doc);
        case "history" -> history.forEach(turn -> append(prompt, turn));
        case "thought" -> prompt.text(thought);
        default -> prompt.text(String.join(", ", toolNames));
      }
      from = slots.end();
    }
    return prompt.control(text.substring(from)).build();
  }

  /** The turns as they stand in a prompt. */
  public String history(List<Turn> turns) {
    Prompt.Builder prompt = Prompt.builder();
    turns.forEach(turn -> append(prompt, turn));
    return prompt.build().text();
  }

  /** A planner's turn as models are trained to write it. */
  public static String write(Decision decision) {
    return DecisionText.write(decision);
  }

  /** A caller's turn as models are trained to write it. */
  public static String write(ToolCall call) {
    return CallText.write(call);
  }

  /** The decision in a planner's text, read as a run reads it; empty if there is none. */
  public static Optional<Decision> readDecision(String text) {
    return DecisionText.read(text).map(DecisionText.Reading::decision);
  }

  /** The call in a caller's text, read as a run reads it. */
  public static Caller.Turn readCall(String text) {
    return CallText.read(text).turn();
  }

  private List<Turn> turns(Trajectory trajectory, @Nullable Decision plan) {
    List<Turn> turns = new ArrayList<>();
    for (Conversation.Exchange exchange : trajectory.conversation().exchanges()) {
      turns.add(turn(FormatFile.USER, exchange.task()));
      exchange.steps().forEach(step -> turns.addAll(turns(step, List.of())));
      turns.add(
          turn(
              file.turns().containsKey(FormatFile.SUMMARIZER)
                  ? FormatFile.SUMMARIZER
                  : FormatFile.PLANNER,
              exchange.answer()));
    }
    turns.add(turn(FormatFile.USER, trajectory.task()));
    turns.addAll(tried(trajectory.tried(0)));
    List<Step> steps = trajectory.steps();
    for (int i = 0; i < steps.size(); i++) {
      turns.addAll(turns(steps.get(i), trajectory.tried(i + 1)));
    }
    if (plan != null) {
      turns.add(turn(FormatFile.PLANNER, write(plan)));
    }
    return turns;
  }

  private Turn turn(String kind, String text) {
    return new Turn(kind, defused(text));
  }

  /**
   * Models are trained on one call a step, so several calls read as steps one after the other: the
   * plan is that of the first, the others have one without a rationale, as data has as well.
   */
  private List<Turn> turns(Step step, List<Attempt> tried) {
    List<Turn> turns = new ArrayList<>();
    Decision.Call plan = step.plan();
    for (Step.Outcome outcome : step.outcomes()) {
      turns.add(turn(FormatFile.PLANNER, write(plan)));
      outcome.call().ifPresent(call -> turns.add(turn(FormatFile.CALLER, write(call))));
      turns.add(turn(FormatFile.OBSERVATION, observation(outcome.observation())));
      plan = new Decision.Call("");
    }
    turns.addAll(tried(tried));
    return turns;
  }

  /** A turn of the user, as the published search has it. */
  private List<Turn> tried(List<Attempt> tried) {
    return tried.isEmpty() ? List.of() : List.of(turn(FormatFile.USER, ModelMessages.tried(tried)));
  }

  private void append(Prompt.Builder prompt, Turn turn) {
    List<String> around = file.around(turn.kind());
    prompt.control(around.get(0)).text(turn.text()).control(around.get(1));
  }

  /** JSON is written anew, because models were trained on one way of writing it. */
  private String observation(Observation observation) {
    Optional<Object> value = JsonValues.parse(observation.text());
    String text = value.map(PythonJson::write).orElse(observation.text());
    return asPublished && text.codePointCount(0, text.length()) > PUBLISHED_OBSERVATION
        ? text.substring(0, text.offsetByCodePoints(0, PUBLISHED_OBSERVATION)) + "..."
        : text;
  }

  /** Sizes of the prompts for a role at one step, for fitting them into a window. */
  ContextFit.Sizes sizes(Role role, @Nullable Decision plan, ToIntFunction<String> tokens) {
    return new ContextFit.Sizes() {
      @Override
      public int tokens(String text) {
        return tokens.applyAsInt(text);
      }

      @Override
      public int step(Step step, List<Attempt> tried) {
        return tokens.applyAsInt(history(turns(step, tried)));
      }

      @Override
      public int base(Trajectory start, List<ToolSpecification> tools) {
        return Arrays.stream(Role.values())
            .mapToInt(any -> tokens.applyAsInt(prompt(any, start, null, tools).text()))
            .max()
            .orElseThrow();
      }

      @Override
      public int rest(Trajectory start, List<ToolSpecification> tools) {
        return tokens.applyAsInt(whole(start, tools));
      }

      @Override
      public String whole(Trajectory trajectory, List<ToolSpecification> tools) {
        return prompt(role, trajectory, plan, tools).text();
      }
    };
  }

  boolean isAsPublished() {
    return asPublished;
  }

  /** Tokens that a prompt may have: as many for each role, so that they condense alike. */
  int promptLimit(int window) {
    int most = Arrays.stream(Role.values()).mapToInt(this::maxTokens).max().orElseThrow();
    return Math.max(1, window - most - PUBLISHED_SLACK);
  }

  Constraint constraint(Role role, List<ToolSpecification> tools) {
    return switch (role) {
      case PLANNER ->
          new Constraint.EndsWith(
              DecisionText.ENDINGS,
              file.beforeToolName(),
              tools.stream().map(ToolSpecification::name).toList());
      case CALLER -> new Constraint.CallOf(tools, CallText.BEFORE_NAME, CallText.BEFORE_ARGUMENTS);
      case SUMMARIZER -> Constraint.none();
    };
  }

  List<String> stops() {
    return file.stops();
  }

  int maxTokens(Role role) {
    return file.maxTokens(role);
  }

  /** The name, and what a journal knows the templates by. */
  @Override
  public String toString() {
    return file.name() + " " + Fingerprints.of(file.toString());
  }
}
