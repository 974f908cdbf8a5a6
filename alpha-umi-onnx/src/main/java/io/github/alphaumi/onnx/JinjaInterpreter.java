package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaStatement.Assign;
import io.github.alphaumi.onnx.JinjaStatement.AssignBlock;
import io.github.alphaumi.onnx.JinjaStatement.Branch;
import io.github.alphaumi.onnx.JinjaStatement.Break;
import io.github.alphaumi.onnx.JinjaStatement.CallBlock;
import io.github.alphaumi.onnx.JinjaStatement.Continue;
import io.github.alphaumi.onnx.JinjaStatement.Define;
import io.github.alphaumi.onnx.JinjaStatement.FilterBlock;
import io.github.alphaumi.onnx.JinjaStatement.For;
import io.github.alphaumi.onnx.JinjaStatement.If;
import io.github.alphaumi.onnx.JinjaStatement.Output;
import io.github.alphaumi.onnx.JinjaStatement.Target;
import io.github.alphaumi.onnx.JinjaStatement.Text;
import io.github.alphaumi.onnx.JinjaStatement.With;
import java.util.ArrayList;
import java.util.List;

/** Executes statements. One per rendering; not thread-safe. */
final class JinjaInterpreter {
  /** How a statement ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final JinjaRuntime runtime;
  private final JinjaEvaluator evaluator;
  private int line = 1;

  JinjaInterpreter(JinjaRuntime runtime) {
    this.runtime = runtime;
    this.evaluator = new JinjaEvaluator(runtime);
  }

  /** The line of the statement executed last. */
  int line() {
    return line;
  }

  Object evaluate(JinjaExpression expression, JinjaScope scope) {
    return evaluator.evaluate(expression, scope);
  }

  /** Executes a macro's body. A call takes more of our stack than a block, so it counts as more. */
  String callBody(List<JinjaStatement> statements, JinjaScope scope) {
    runtime.budget().enter();
    String output = capture(statements, scope);
    runtime.budget().leave();
    return output;
  }

  /** Executes statements and returns their output. */
  String capture(List<JinjaStatement> statements, JinjaScope scope) {
    BoundedText out = new BoundedText(runtime.budget());
    execute(statements, scope, out);
    return out.toString();
  }

  private Flow execute(List<JinjaStatement> statements, JinjaScope scope, BoundedText out) {
    runtime.budget().enter();
    Flow flow = Flow.NEXT;
    for (int i = 0; i < statements.size() && flow == Flow.NEXT; i++) {
      runtime.budget().step();
      flow = execute(statements.get(i), scope, out);
    }
    runtime.budget().leave();
    return flow;
  }

  private Flow execute(JinjaStatement statement, JinjaScope scope, BoundedText out) {
    line = statement.line();
    if (statement instanceof Text text) {
      out.append(text.text());
    } else if (statement instanceof Output output) {
      out.append(runtime.text().str(evaluate(output.value(), scope)));
    } else if (statement instanceof If condition) {
      return condition(condition, scope, out);
    } else if (statement instanceof For loop) {
      loop(loop, elements(loop, evaluate(loop.iterable(), scope), scope), 0, scope, out);
    } else if (statement instanceof Assign assign) {
      assign(assign.target(), evaluate(assign.value(), scope), scope);
    } else if (statement instanceof With with) {
      return with(with, scope, out);
    } else if (statement instanceof Break) {
      return Flow.BREAK;
    } else if (statement instanceof Continue) {
      return Flow.CONTINUE;
    } else {
      block(statement, scope, out);
    }
    return Flow.NEXT;
  }

  private void block(JinjaStatement statement, JinjaScope scope, BoundedText out) {
    if (statement instanceof AssignBlock block) {
      String text = capture(block.body(), new JinjaScope(scope));
      assign(block.target(), filtered(block.filters(), text, scope), scope);
    } else if (statement instanceof FilterBlock block) {
      String text = capture(block.body(), new JinjaScope(scope));
      out.append(runtime.text().str(filtered(block.filters(), text, scope)));
    } else if (statement instanceof Define define) {
      JinjaStatement.Macro macro = define.macro();
      scope.set(macro.name(), new JinjaMacro(macro, scope, this));
    } else if (statement instanceof CallBlock block) {
      Object callee = evaluate(block.call().callee(), scope);
      JinjaArguments arguments = evaluator.arguments(block.call().arguments(), scope);
      JinjaMacro caller = new JinjaMacro(block.caller(), scope, this);
      Object result = runtime.call(callee, arguments.withNamed("caller", caller));
      out.append(runtime.text().str(result));
    } else {
      throw new IllegalArgumentException(statement.getClass().getName());
    }
  }

  private Object filtered(JinjaExpression filters, String text, JinjaScope scope) {
    JinjaScope captured = new JinjaScope(scope);
    captured.set(JinjaStatement.CAPTURED, text);
    return evaluate(filters, captured);
  }

  private Flow condition(If condition, JinjaScope scope, BoundedText out) {
    for (Branch branch : condition.branches()) {
      if (PythonValues.truth(evaluate(branch.test(), scope))) {
        return execute(branch.body(), scope, out);
      }
    }
    return execute(condition.otherwise(), scope, out);
  }

  private Flow with(With with, JinjaScope scope, BoundedText out) {
    JinjaScope inner = new JinjaScope(scope);
    for (int i = 0; i < with.targets().size(); i++) {
      // Values are evaluated outside: "with" cannot refer to its own variables.
      assign(with.targets().get(i), evaluate(with.values().get(i), scope), inner);
    }
    return execute(with.body(), inner, out);
  }

  private List<Object> elements(For loop, Object iterable, JinjaScope scope) {
    List<Object> elements = runtime.elements(iterable);
    if (loop.condition() == null) {
      return elements;
    }
    List<Object> kept = new ArrayList<>();
    for (Object element : elements) {
      JinjaScope inner = new JinjaScope(scope);
      assign(loop.target(), element, inner);
      if (PythonValues.truth(evaluate(loop.condition(), inner))) {
        kept.add(element);
      }
    }
    runtime.budget().elements(kept.size());
    return kept;
  }

  private void loop(
      For statement, List<Object> elements, int depth, JinjaScope scope, BoundedText out) {
    JinjaFunction recursion =
        statement.recursive() ? arguments -> recur(statement, arguments, depth, scope) : null;
    JinjaLoop loop = new JinjaLoop(elements, depth, runtime, recursion);
    for (int i = 0; i < elements.size(); i++) {
      runtime.budget().step();
      JinjaScope inner = new JinjaScope(scope);
      inner.set("loop", loop);
      assign(statement.target(), loop.advance(), inner);
      if (execute(statement.body(), inner, out) == Flow.BREAK) {
        return;
      }
    }
    if (elements.isEmpty()) {
      execute(statement.otherwise(), new JinjaScope(scope), out);
    }
  }

  private Object recur(For statement, JinjaArguments arguments, int depth, JinjaScope scope) {
    Object iterable = arguments.bind("loop", 1, "iterable").get(0);
    BoundedText out = new BoundedText(runtime.budget());
    loop(statement, elements(statement, iterable, scope), depth + 1, scope, out);
    return out.toString();
  }

  private void assign(Target target, Object value, JinjaScope scope) {
    if (target instanceof Target.Variable variable) {
      scope.set(variable.name(), value);
    } else if (target instanceof Target.Member member) {
      if (!(scope.get(member.namespace()) instanceof JinjaNamespace namespace)) {
        throw new JinjaFault("cannot assign attribute on non-namespace object");
      }
      namespace.set(member.attribute(), value);
    } else if (target instanceof Target.Several several) {
      List<Object> values = runtime.elements(value);
      if (values.size() != several.targets().size()) {
        throw new JinjaFault(
            "cannot unpack "
                + values.size()
                + " values into "
                + several.targets().size()
                + " variables");
      }
      for (int i = 0; i < values.size(); i++) {
        assign(several.targets().get(i), values.get(i), scope);
      }
    }
  }
}
