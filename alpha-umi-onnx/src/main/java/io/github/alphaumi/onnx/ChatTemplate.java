package io.github.alphaumi.onnx;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chat template: the Jinja source that comes with a checkpoint and turns a conversation into the
 * prompt its model was trained on.
 *
 * <p>The semantics are those of Jinja2 3.1 as {@code apply_chat_template} of transformers 5 uses
 * it: an immutable sandbox with trim_blocks and lstrip_blocks, the extensions for {@code break},
 * {@code continue} and {@code generation}, the functions {@code raise_exception} and {@code
 * strftime_now}, and {@code tojson} as Python's {@code json.dumps(ensure_ascii=False)}. Values
 * print as Python prints them. Not supported are other files (include, import, extends), HTML
 * escaping by default, and filters that no chat template needs.
 *
 * <p>Templates are not trusted: nesting, recursion, memory and work are bounded, and whatever goes
 * over a bound ends in a {@link ChatTemplateException}.
 *
 * <p>Immutable and thread-safe.
 */
public final class ChatTemplate {
  private final List<JinjaStatement> statements;
  private final Clock clock;
  private final Map<String, String> specialTokens;

  private ChatTemplate(
      List<JinjaStatement> statements, Clock clock, Map<String, String> specialTokens) {
    this.statements = statements;
    this.clock = clock;
    this.specialTokens = specialTokens;
  }

  /**
   * Reads the template that came with a model: of a Hugging Face folder, a .gguf file, or a .jinja
   * file. The variables {@code bos_token} and {@code eos_token} are what the model's files say,
   * unless a rendering says otherwise.
   *
   * @throws ModelFileException if there is no template, or it cannot be read
   * @throws ChatTemplateException if the source is not a template; the message names the line
   */
  public static ChatTemplate load(Path model) {
    ChatFiles files = ChatFiles.of(model);
    if (files.template() == null) {
      throw new ModelFileException(
          model, "has no chat template: add chat_template.jinja, or name a .jinja file");
    }
    return new ChatTemplate(
        JinjaParser.parse(files.template()), Clock.systemDefaultZone(), files.specialTokens());
  }

  /**
   * Reads a template. {@code strftime_now} tells the time of the system clock; see {@link
   * #withClock}.
   *
   * @throws ChatTemplateException if the source is not a template; the message names the line
   */
  public static ChatTemplate parse(String source) {
    Objects.requireNonNull(source, "source");
    return new ChatTemplate(JinjaParser.parse(source), Clock.systemDefaultZone(), Map.of());
  }

  /** The same template with {@code strftime_now} telling this clock's local time. */
  public ChatTemplate withClock(Clock clock) {
    return new ChatTemplate(statements, Objects.requireNonNull(clock, "clock"), specialTokens);
  }

  /**
   * Renders the template.
   *
   * <p>Usual variables are {@code messages}, {@code tools}, {@code documents}, {@code
   * add_generation_prompt}, {@code bos_token} and {@code eos_token}. A null is Python's None, which
   * is not the same as a variable left out: transformers always defines {@code tools} and {@code
   * documents}, as None where there are none.
   *
   * @param variables by name; values are Map, Collection, String, Number, Boolean or null, of any
   *     depth up to a few hundred levels. They are copied, so later changes do no harm. Members of
   *     a map are rendered in the order of the map: use one that keeps its order.
   * @throws ChatTemplateException if the template refuses these variables by {@code
   *     raise_exception}, uses what is not there, or goes over a limit
   * @throws IllegalArgumentException if a variable holds anything else
   */
  public String render(Map<String, ? extends @Nullable Object> variables) {
    JinjaRuntime runtime = new JinjaRuntime(clock);
    JinjaInterpreter interpreter = new JinjaInterpreter(runtime);
    try {
      JinjaScope globals = JinjaGlobals.scope(runtime);
      JinjaScope scope = new JinjaScope(globals);
      specialTokens.forEach(
          (name, value) -> scope.set(name, PythonValues.fromJava(value, runtime.budget())));
      variables.forEach(
          (name, value) -> scope.set(name, PythonValues.fromJava(value, runtime.budget())));
      return interpreter.capture(statements, new JinjaScope(scope));
    } catch (JinjaFault fault) {
      throw fault.at(interpreter.line());
    }
  }
}
