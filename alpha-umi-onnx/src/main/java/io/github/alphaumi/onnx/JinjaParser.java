package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaStatement.Branch;
import io.github.alphaumi.onnx.JinjaStatement.Macro;
import io.github.alphaumi.onnx.JinjaStatement.Parameter;
import io.github.alphaumi.onnx.JinjaStatement.Target;
import io.github.alphaumi.onnx.JinjaToken.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses the statements of a template. */
final class JinjaParser {
  private static final Set<String> OTHER_FILES = Set.of("include", "import", "from", "extends");

  private final JinjaTokenStream tokens;
  private final JinjaExpressionParser expressions;
  private int loops;

  private JinjaParser(JinjaTokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new JinjaExpressionParser(tokens);
  }

  static List<JinjaStatement> parse(String source) {
    JinjaParser parser = new JinjaParser(new JinjaTokenStream(JinjaLexer.tokens(source)));
    return parser.statements();
  }

  /** Statements up to the end of the template or a tag with one of these names, not consumed. */
  private List<JinjaStatement> statements(String... ends) {
    List<JinjaStatement> statements = new ArrayList<>();
    while (!tokens.current().is(Type.END)) {
      JinjaToken token = tokens.next();
      switch (token.type()) {
        case TEXT -> statements.add(new JinjaStatement.Text(token.line(), (String) token.value()));
        case OUTPUT_BEGIN -> {
          statements.add(new JinjaStatement.Output(token.line(), expressions.tuple()));
          tokens.expect(Type.OUTPUT_END);
        }
        default -> {
          if (List.of(ends).contains(tokens.current().value())) {
            return List.copyOf(statements);
          }
          statements.add(statement());
          tokens.expect(Type.TAG_END);
        }
      }
    }
    if (ends.length > 0) {
      throw tokens.unexpected("{% " + String.join(" %} or {% ", ends) + " %}");
    }
    return List.copyOf(statements);
  }

  private JinjaStatement statement() {
    int line = tokens.current().line();
    String tag = tokens.expectName();
    return switch (tag) {
      case "if" -> condition(line);
      case "for" -> loop(line);
      case "set" -> assignment(line);
      case "macro" -> macro(line);
      case "call" -> call(line);
      case "filter" -> {
        JinjaExpression filters = expressions.blockFilters(JinjaStatement.CAPTURED);
        yield new JinjaStatement.FilterBlock(line, filters, body("endfilter"));
      }
      case "with" -> with(line);
      // transformers marks the model's own turns with it; for the text it is a scope of its own.
      case "generation" ->
          new JinjaStatement.With(line, List.of(), List.of(), body("endgeneration"));
      case "print" -> new JinjaStatement.Output(line, expressions.tuple());
      case "break", "continue" -> {
        if (loops == 0) {
          throw ChatTemplateException.at(line, "'" + tag + "' outside of a loop");
        }
        yield tag.equals("break")
            ? new JinjaStatement.Break(line)
            : new JinjaStatement.Continue(line);
      }
      default ->
          throw ChatTemplateException.at(
              line,
              OTHER_FILES.contains(tag)
                  ? "'" + tag + "' is not supported: a chat template is a single file"
                  : "unknown tag '" + tag + "'");
    };
  }

  /**
   * The body of a block from the end of its first tag up to and including the name that ends it.
   */
  private List<JinjaStatement> body(String end) {
    List<JinjaStatement> body = bodyUntil(end);
    tokens.expectName(end);
    return body;
  }

  private List<JinjaStatement> bodyUntil(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Type.TAG_END);
    tokens.enter();
    List<JinjaStatement> body = statements(ends);
    tokens.leave();
    return body;
  }

  private JinjaStatement condition(int line) {
    List<Branch> branches = new ArrayList<>();
    do {
      JinjaExpression test = expressions.plainTuple(null);
      branches.add(new Branch(test, bodyUntil("elif", "else", "endif")));
    } while (tokens.skipName("elif"));
    List<JinjaStatement> otherwise = tokens.skipName("else") ? bodyUntil("endif") : List.of();
    tokens.expectName("endif");
    return new JinjaStatement.If(line, List.copyOf(branches), otherwise);
  }

  private JinjaStatement loop(int line) {
    Target target = targets("in");
    tokens.expectName("in");
    JinjaExpression iterable = expressions.plainTuple("recursive");
    JinjaExpression condition = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<JinjaStatement> body = bodyUntil("else", "endfor");
    loops--;
    List<JinjaStatement> otherwise = tokens.skipName("else") ? bodyUntil("endfor") : List.of();
    tokens.expectName("endfor");
    return new JinjaStatement.For(line, target, iterable, condition, recursive, body, otherwise);
  }

  private JinjaStatement assignment(int line) {
    Target target = targets("=");
    if (tokens.skipOperator("=")) {
      return new JinjaStatement.Assign(line, target, expressions.tuple());
    }
    JinjaExpression filters = expressions.blockFilters(JinjaStatement.CAPTURED);
    return new JinjaStatement.AssignBlock(line, target, filters, body("endset"));
  }

  private JinjaStatement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<JinjaExpression> values = new ArrayList<>();
    while (!tokens.current().is(Type.TAG_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(target());
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new JinjaStatement.With(
        line, List.copyOf(targets), List.copyOf(values), body("endwith"));
  }

  private JinjaStatement macro(int line) {
    String name = tokens.expectName();
    return new JinjaStatement.Define(line, macro(name, parameters(), "endmacro"));
  }

  private JinjaStatement call(int line) {
    List<Parameter> parameters =
        tokens.current().isOperator("(") ? parameters() : List.<Parameter>of();
    JinjaExpression.Call call = expressions.call();
    return new JinjaStatement.CallBlock(line, call, macro("caller", parameters, "endcall"));
  }

  private Macro macro(String name, List<Parameter> parameters, String end) {
    Set<String> outerNames = expressions.startNames();
    int outerLoops = loops;
    loops = 0;
    List<JinjaStatement> body = body(end);
    loops = outerLoops;
    Set<String> names = Set.copyOf(expressions.names());
    expressions.continueNames(outerNames);
    return new Macro(name, parameters, body, names);
  }

  private List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      String name = tokens.expectName();
      JinjaExpression value = tokens.skipOperator("=") ? expressions.expression() : null;
      parameters.add(new Parameter(name, value));
      if (!tokens.skipOperator(",") && !tokens.current().isOperator(")")) {
        throw tokens.unexpected("',' or ')'");
      }
    }
    return List.copyOf(parameters);
  }

  private Target targets(String end) {
    Target first = target();
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<Target> targets = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !end.equals(tokens.current().value())) {
      targets.add(target());
    }
    return new Target.Several(List.copyOf(targets));
  }

  private Target target() {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = targets(")");
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expectName();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw tokens.fault("cannot assign to '" + name + "'");
    }
    return tokens.skipOperator(".")
        ? new Target.Member(name, tokens.expectName())
        : new Target.Variable(name);
  }
}
