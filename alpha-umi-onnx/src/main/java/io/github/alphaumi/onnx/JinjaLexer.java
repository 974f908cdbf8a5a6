package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaToken.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into text and tags, with the white space rules that transformers uses: a line
 * break after a block or comment goes (trim_blocks), blanks before one that starts its line go
 * (lstrip_blocks), {@code -} takes all white space on its side, {@code +} keeps it, and one line
 * break at the end of the template is dropped.
 *
 * <p>Written without regular expressions: java.util.regex recurses on long inputs.
 */
final class JinjaLexer {
  private final String source;
  private final List<JinjaToken> tokens = new ArrayList<>();
  private int position;
  private int line = 1;

  /** Whether only white space since the last tag still counts as the beginning of a line. */
  private boolean lineStarting = true;

  private JinjaLexer(String source) {
    this.source = source;
  }

  static List<JinjaToken> tokens(String source) {
    if (source.length() > JinjaBudget.MAX_SOURCE_CHARS) {
      throw ChatTemplateException.at(
          1, "the template is longer than " + JinjaBudget.MAX_SOURCE_CHARS + " characters");
    }
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    if (lines.endsWith("\n")) {
      lines = lines.substring(0, lines.length() - 1);
    }
    JinjaLexer lexer = new JinjaLexer(lines);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int opening = nextOpening();
      if (opening < 0) {
        add(Type.TEXT, source.substring(position));
        break;
      }
      char kind = source.charAt(opening + 1);
      int inside = text(opening, kind != '{');
      moveTo(inside);
      switch (kind) {
        case '#' -> comment();
        case '%' -> block();
        default -> tag(Type.OUTPUT_BEGIN, Type.OUTPUT_END);
      }
    }
    tokens.add(new JinjaToken(Type.END, "", line));
  }

  private int nextOpening() {
    for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Emits the text before a tag and returns the position after the tag's opening and its sign. */
  private int text(int opening, boolean strippable) {
    String text = source.substring(position, opening);
    char sign = opening + 2 < source.length() ? source.charAt(opening + 2) : ' ';
    if (sign == '-') {
      text = PythonStrings.stripEnd(text);
    } else if (sign != '+' && strippable) {
      text = withoutIndentation(text);
    }
    if (!text.isEmpty()) {
      add(Type.TEXT, text);
    }
    return opening + (sign == '-' || sign == '+' ? 3 : 2);
  }

  private String withoutIndentation(String text) {
    int lineBegin = text.lastIndexOf('\n') + 1;
    boolean startsLine = lineBegin > 0 || lineStarting;
    return startsLine && PythonStrings.isBlank(text.substring(lineBegin))
        ? text.substring(0, lineBegin)
        : text;
  }

  private void comment() {
    int close = source.indexOf("#}", position);
    if (close < 0) {
      throw ChatTemplateException.at(line, "the comment has no end '#}'");
    }
    char sign = close > position ? source.charAt(close - 1) : ' ';
    closeAt(close + 2, sign, true);
  }

  private void block() {
    int afterRaw = afterWord(position, "raw");
    if (afterRaw >= 0 && source.startsWith("-%}", afterRaw)) {
      closeAt(afterRaw + 3, '-', false);
      raw();
    } else if (afterRaw >= 0 && source.startsWith("%}", afterRaw)) {
      closeAt(afterRaw + 2, ' ', false);
      raw();
    } else {
      tag(Type.TAG_BEGIN, Type.TAG_END);
    }
  }

  private void raw() {
    for (int open = source.indexOf("{%", position);
        open >= 0;
        open = source.indexOf("{%", open + 1)) {
      int inside = open + 2;
      if (inside < source.length() && "-+".indexOf(source.charAt(inside)) >= 0) {
        inside++;
      }
      int afterWord = afterWord(inside, "endraw");
      if (afterWord < 0) {
        continue;
      }
      boolean signed = afterWord < source.length() && "-+".indexOf(source.charAt(afterWord)) >= 0;
      char sign = signed ? source.charAt(afterWord) : ' ';
      int close = signed ? afterWord + 1 : afterWord;
      if (source.startsWith("%}", close)) {
        text(open, true);
        closeAt(close + 2, sign, true);
        return;
      }
    }
    throw ChatTemplateException.at(line, "the raw block has no end '{% endraw %}'");
  }

  /**
   * The position after white space, the word and white space again; -1 if the word is not there.
   */
  private int afterWord(int from, String word) {
    int begin = PythonStrings.skipSpace(source, from);
    return source.startsWith(word, begin)
        ? PythonStrings.skipSpace(source, begin + word.length())
        : -1;
  }

  private void tag(Type begin, Type end) {
    tokens.add(new JinjaToken(begin, "", line));
    boolean output = begin == Type.OUTPUT_BEGIN;
    JinjaTagScanner scanner = new JinjaTagScanner(source, position, line, output, tokens);
    int close = scanner.scan();
    moveTo(close);
    tokens.add(new JinjaToken(end, "", line));
    char sign = source.charAt(close);
    closeAt(sign == '-' || sign == '+' ? close + 3 : close + 2, sign, !output);
  }

  private void closeAt(int end, char sign, boolean trimsLineBreak) {
    int next = end;
    if (sign == '-') {
      next = PythonStrings.skipSpace(source, end);
    } else if (sign != '+' && trimsLineBreak && source.startsWith("\n", end)) {
      next = end + 1;
    }
    moveTo(next);
    lineStarting = source.charAt(next - 1) == '\n';
  }

  private void moveTo(int next) {
    for (; position < next; position++) {
      if (source.charAt(position) == '\n') {
        line++;
      }
    }
  }

  private void add(Type type, String value) {
    tokens.add(new JinjaToken(type, value, line));
  }
}
