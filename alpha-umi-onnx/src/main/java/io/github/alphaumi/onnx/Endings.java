package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The endings of a free text as the automaton of Aho and Corasick. Endings with a common beginning
 * are recognised by that beginning alone: once it is written, one of them has to follow.
 */
final class Endings {
  final Arena arena;
  final Expression character;
  private final List<int[]> next = new ArrayList<>();
  private final List<Integer> fallback = new ArrayList<>();
  private final List<@Nullable Expression> after = new ArrayList<>();
  private final List<Expression> rest = new ArrayList<>();

  /** Whether the text may also end without any of them. */
  final boolean optional;

  Endings(Arena arena, List<String> endings) {
    this(arena, endings, arena.epsilon, false);
  }

  /**
   * @param follow what has to come after an ending
   */
  Endings(Arena arena, List<String> endings, Expression follow, boolean optional) {
    this.arena = arena;
    this.optional = optional;
    this.character = CodePoints.TEXT.utf8(arena);
    TreeSet<String> minimal = new TreeSet<>();
    for (String ending : new TreeSet<>(endings)) {
      if (ending.isEmpty() || !ending.codePoints().allMatch(CodePoints.TEXT::contains)) {
        throw new IllegalArgumentException(
            "ending '" + ending + "' is empty or has a character that free text has not");
      }
      // The text ends when the shorter one is complete, so the longer one is never written.
      if (minimal.isEmpty() || !ending.startsWith(minimal.last())) {
        minimal.add(ending);
      }
    }
    if (minimal.isEmpty()) {
      throw new IllegalArgumentException("free text needs at least one ending");
    }
    String common = commonPrefix(minimal.first(), minimal.last());
    Map<String, Expression> marks = new HashMap<>();
    Map<String, Expression> tails = new HashMap<>();
    for (String ending : minimal) {
      tails.put(ending.substring(common.length()), follow);
      marks.put(ending, follow);
    }
    if (!common.isEmpty()) {
      marks = Map.of(common, WordTrie.of(arena, tails, c -> arena.literal(Character.toString(c))));
    }
    addNode();
    marks.forEach(this::addEnding);
  }

  /** One more text to {@link #mark} later. To be called before {@link #link}. */
  void watch(String text) {
    add(text.getBytes(StandardCharsets.UTF_8), null);
  }

  /** What has to follow a text that is watched. To be called after {@link #link}. */
  void mark(String text, Expression follow) {
    int marked = nodeAfter(text);
    for (int node = 0; node < next.size(); node++) {
      int suffix = node;
      while (suffix > 0 && suffix != marked) {
        suffix = fallback.get(suffix);
      }
      if (suffix == marked && after.get(node) == null) {
        after.set(node, follow);
      }
    }
  }

  /** The free text that goes on after these characters; what they complete is complete. */
  Expression textAfter(String before) {
    int node = nodeAfter(before);
    Expression complete = after.get(node);
    return complete != null ? complete : FreeText.of(this, node, arena.epsilon, FreeText.UNBOUNDED);
  }

  /** The node after this text has been written. */
  private int nodeAfter(String before) {
    int node = 0;
    for (byte value : before.getBytes(StandardCharsets.UTF_8)) {
      node = next(node, value & 0xFF);
    }
    return node;
  }

  private static String commonPrefix(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length())
        && a.codePointAt(length) == b.codePointAt(length)) {
      length += Character.charCount(a.codePointAt(length));
    }
    return a.substring(0, length);
  }

  private int addNode() {
    int[] row = new int[256];
    Arrays.fill(row, -1);
    next.add(row);
    fallback.add(0);
    after.add(null);
    rest.add(arena.empty);
    return next.size() - 1;
  }

  private void addEnding(String mark, Expression follow) {
    byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
    add(bytes, follow);
    int node = 0;
    for (int i = 0; i < bytes.length; i++) {
      Expression left =
          arena.seq(arena.literal(Arrays.copyOfRange(bytes, i, bytes.length)), follow);
      rest.set(node, arena.alt(rest.get(node), left));
      node = next.get(node)[bytes[i] & 0xFF];
    }
  }

  private void add(byte[] bytes, @Nullable Expression follow) {
    int node = 0;
    for (int i = 0; i < bytes.length; i++) {
      int child = next.get(node)[bytes[i] & 0xFF];
      if (child < 0) {
        child = addNode();
        next.get(node)[bytes[i] & 0xFF] = child;
      }
      node = child;
    }
    if (follow != null) {
      after.set(node, follow);
    }
  }

  /** Makes the automaton of what has been added; to be called once, before it is used. */
  Endings link() {
    Deque<Integer> queue = new ArrayDeque<>(List.of(0));
    while (!queue.isEmpty()) {
      int node = queue.remove();
      int[] row = next.get(node);
      int back = fallback.get(node);
      for (int b = 0; b < 256; b++) {
        int other = node == 0 ? 0 : next.get(back)[b];
        if (row[b] < 0) {
          row[b] = other;
        } else {
          fallback.set(row[b], other);
          if (after.get(row[b]) == null) {
            after.set(row[b], after.get(other));
          }
          queue.add(row[b]);
        }
      }
    }
    return this;
  }

  int next(int node, int value) {
    return next.get(node)[value];
  }

  /** What follows once a mark is complete; null while none is. */
  @Nullable Expression after(int node) {
    return after.get(node);
  }

  /** Only an ending from here on, beginning with what has been written of it. */
  Expression finish(int node) {
    return rest.get(node);
  }

  /** The shortest way to the end; null where a character has to be completed first. */
  byte @Nullable [] shortest(int node, boolean betweenCharacters) {
    Expression best = null;
    for (int n = node; n > 0; n = fallback.get(n)) {
      Expression way = rest.get(n);
      if (!way.isDead() && (best == null || way.shortest() < best.shortest())) {
        best = way;
      }
    }
    if (betweenCharacters && (best == null || rest.get(0).shortest() < best.shortest())) {
      best = rest.get(0);
    }
    if (best == null) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    best.writeShortest(out);
    return out.toByteArray();
  }
}
