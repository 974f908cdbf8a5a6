package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * One of many words, each with what follows it, as an expression that shares common beginnings: a
 * state in the middle of 10,000 words then knows only those that are still possible.
 */
final class WordTrie {
  private static final int DEPTH = 500;

  private record Word(int[] text, Expression after) {}

  private final Arena arena;
  private final IntFunction<Expression> encoder;
  private final List<Word> words;

  private WordTrie(Arena arena, IntFunction<Expression> encoder, List<Word> words) {
    this.arena = arena;
    this.encoder = encoder;
    this.words = words;
  }

  /** Each word, written by {@code encoder} per code point, and what comes after it. */
  static Expression of(
      Arena arena, Map<String, Expression> after, IntFunction<Expression> encoder) {
    List<Word> words = new ArrayList<>();
    after.forEach((text, rest) -> words.add(new Word(text.codePoints().toArray(), rest)));
    words.sort((a, b) -> Arrays.compare(a.text, b.text));
    return new WordTrie(arena, encoder, words).build(0, words.size(), 0, 0);
  }

  /** Words {@code from} to {@code to}, which agree in their first {@code at} characters. */
  private Expression build(int from, int to, int at, int depth) {
    if (depth > DEPTH) {
      throw new IllegalArgumentException(
          "more than " + DEPTH + " words are beginnings of one another; leave some out");
    }
    if (from == to) {
      return arena.empty;
    }
    int[] low = words.get(from).text;
    int[] high = words.get(to - 1).text;
    int fork = at;
    while (fork < low.length && fork < high.length && low[fork] == high[fork]) {
      fork++;
    }
    List<Expression> branches = new ArrayList<>();
    int start = from;
    if (low.length == fork) {
      branches.add(words.get(from).after);
      start++;
    }
    while (start < to) {
      int symbol = words.get(start).text[fork];
      int end = start + 1;
      while (end < to && words.get(end).text[fork] == symbol) {
        end++;
      }
      branches.add(arena.seq(encoder.apply(symbol), build(start, end, fork + 1, depth + 1)));
      start = end;
    }
    Expression result = arena.alt(branches);
    for (int i = fork - 1; i >= at; i--) {
      result = arena.seq(encoder.apply(low[i]), result);
    }
    return result;
  }
}
