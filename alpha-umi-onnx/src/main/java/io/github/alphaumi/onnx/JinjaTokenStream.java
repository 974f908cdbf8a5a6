package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaToken.Type;
import java.util.List;

/**
 * A cursor over the tokens of a template. Knows how deep the parser is, so that it stays bounded.
 */
final class JinjaTokenStream {
  private final List<JinjaToken> tokens;
  private int position;
  private int nesting;

  JinjaTokenStream(List<JinjaToken> tokens) {
    this.tokens = tokens;
  }

  JinjaToken current() {
    return tokens.get(position);
  }

  JinjaToken following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  JinjaToken next() {
    JinjaToken token = current();
    if (!token.is(Type.END)) {
      position++;
    }
    return token;
  }

  boolean skipName(String name) {
    return skipIf(current().isName(name));
  }

  boolean skipOperator(String operator) {
    return skipIf(current().isOperator(operator));
  }

  private boolean skipIf(boolean found) {
    if (found) {
      position++;
    }
    return found;
  }

  JinjaToken expect(Type type) {
    if (!current().is(type)) {
      throw unexpected(type.words());
    }
    return next();
  }

  String expectName() {
    return (String) expect(Type.NAME).value();
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void enter() {
    if (++nesting > JinjaBudget.MAX_SYNTAX_NESTING) {
      throw fault("nested deeper than " + JinjaBudget.MAX_SYNTAX_NESTING + " levels");
    }
  }

  void leave() {
    nesting--;
  }

  ChatTemplateException unexpected(String expected) {
    return fault("expected " + expected + ", found " + current().describe());
  }

  ChatTemplateException fault(String problem) {
    return ChatTemplateException.at(current().line(), problem);
  }
}
