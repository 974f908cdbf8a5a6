package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement of a template, as parsed. Immutable. */
sealed interface JinjaStatement {
  int line();

  record Text(int line, String text) implements JinjaStatement {}

  record Output(int line, JinjaExpression value) implements JinjaStatement {}

  record If(int line, List<Branch> branches, List<JinjaStatement> otherwise)
      implements JinjaStatement {}

  record For(
      int line,
      Target target,
      JinjaExpression iterable,
      @Nullable JinjaExpression condition,
      boolean recursive,
      List<JinjaStatement> body,
      List<JinjaStatement> otherwise)
      implements JinjaStatement {}

  record Assign(int line, Target target, JinjaExpression value) implements JinjaStatement {}

  /** {@code {% set x %}…{% endset %}}; the filters are applied to {@link #CAPTURED}. */
  record AssignBlock(int line, Target target, JinjaExpression filters, List<JinjaStatement> body)
      implements JinjaStatement {}

  record FilterBlock(int line, JinjaExpression filters, List<JinjaStatement> body)
      implements JinjaStatement {}

  record With(
      int line, List<Target> targets, List<JinjaExpression> values, List<JinjaStatement> body)
      implements JinjaStatement {}

  record Define(int line, Macro macro) implements JinjaStatement {}

  record CallBlock(int line, JinjaExpression.Call call, Macro caller) implements JinjaStatement {}

  record Break(int line) implements JinjaStatement {}

  record Continue(int line) implements JinjaStatement {}

  /** The name under which filters find the text of a block; no template can spell it. */
  String CAPTURED = "captured block";

  /** A condition of an if statement and what it guards. */
  record Branch(JinjaExpression test, List<JinjaStatement> body) {}

  /** A parameter of a macro. */
  record Parameter(String name, @Nullable JinjaExpression defaultValue) {}

  /**
   * A macro as written.
   *
   * @param names the names its body mentions; a macro takes surplus arguments only if it mentions
   *     {@code varargs} or {@code kwargs}, and a call block only if it mentions {@code caller}
   */
  record Macro(
      String name, List<Parameter> parameters, List<JinjaStatement> body, Set<String> names) {}

  /** What an assignment or a loop writes to. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Member(String namespace, String attribute) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
