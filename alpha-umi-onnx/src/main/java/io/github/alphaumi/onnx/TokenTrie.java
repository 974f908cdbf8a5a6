package io.github.alphaumi.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a vocabulary by their bytes. Nodes are numbered in preorder, so that a walk goes
 * through arrays from left to right and leaves out a subtree by going to its end. Built once per
 * tokenizer in time linear in the bytes (after a sort); immutable, thread-safe.
 */
final class TokenTrie {
  private static final byte[] NOTHING = {};

  /** Subtrees of fewer nodes are gone through faster than asked about. */
  private static final int LARGE = 16;

  private final byte[][] tokens;
  private final int longest;
  private byte[] label = new byte[1024];
  private short[] depth = new short[1024];
  private int[] end = new int[1024];

  /** Where a node's tokens begin in {@link #sorted}; they go on to where the next node's begin. */
  private int[] firstToken = new int[1024];

  /** The bytes below a node, one of {@link #byteSets}. */
  private int[] below = {};

  private ByteSet[] byteSets = {};

  /** Tokens in the order of their bytes, which is the order of the nodes. */
  private final int[] sorted;

  private int nodes;

  private TokenTrie(byte[][] tokens) {
    this.tokens = tokens;
    this.longest = Arrays.stream(tokens).mapToInt(token -> token.length).max().orElse(0);
    Integer[] order = new Integer[tokens.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(tokens[a], tokens[b]));
    this.sorted = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /**
   * @param bytes of a token; null or empty for one that no mask allows, such as an end token
   */
  static TokenTrie of(int vocabularySize, IntFunction<byte @Nullable []> bytes) {
    byte[][] tokens = new byte[vocabularySize][];
    for (int i = 0; i < vocabularySize; i++) {
      byte[] token = bytes.apply(i);
      tokens[i] = token == null ? NOTHING : token.clone();
      if (tokens[i].length > Short.MAX_VALUE) {
        throw new IllegalArgumentException("token " + i + " has " + tokens[i].length + " bytes");
      }
    }
    TokenTrie trie = new TokenTrie(tokens);
    trie.build();
    return trie;
  }

  private void build() {
    byte[] last = NOTHING;
    append(0, (byte) 0, 0);
    for (int i = 0; i < sorted.length; i++) {
      byte[] token = tokens[sorted[i]];
      int common = Arrays.mismatch(last, token);
      for (int d = common < 0 ? token.length : common; d < token.length; d++) {
        append(d + 1, token[d], i);
      }
      last = token;
    }
    int[] open = new int[longest + 2];
    Arrays.fill(open, nodes);
    for (int node = nodes - 1; node >= 0; node--) {
      int level = depth[node];
      int stop = nodes;
      for (int l = 0; l <= level; l++) {
        stop = Math.min(stop, open[l]);
      }
      end[node] = stop;
      open[level] = node;
    }
    collectBytes();
    label = Arrays.copyOf(label, nodes);
    depth = Arrays.copyOf(depth, nodes);
    end = Arrays.copyOf(end, nodes);
    firstToken = Arrays.copyOf(firstToken, nodes + 1);
    firstToken[nodes] = sorted.length;
  }

  /** A node's children are those of its level plus one, and stand behind it. */
  private void collectBytes() {
    ByteSet[] open = new ByteSet[longest + 2];
    Arrays.fill(open, ByteSet.NONE);
    Map<ByteSet, Integer> numbers = new HashMap<>();
    below = new int[nodes];
    for (int node = nodes - 1; node >= 0; node--) {
      int level = depth[node];
      ByteSet bytes = open[level + 1];
      open[level + 1] = ByteSet.NONE;
      below[node] = numbers.computeIfAbsent(bytes, absent -> numbers.size());
      open[level] = open[level].or(bytes).or(ByteSet.of(label[node] & 0xFF));
    }
    byteSets = new ByteSet[numbers.size()];
    numbers.forEach((bytes, number) -> byteSets[number] = bytes);
  }

  private void append(int level, byte value, int sortedToken) {
    if (nodes == label.length) {
      label = Arrays.copyOf(label, nodes * 2);
      depth = Arrays.copyOf(depth, nodes * 2);
      end = Arrays.copyOf(end, nodes * 2);
      firstToken = Arrays.copyOf(firstToken, nodes * 2);
    }
    label[nodes] = value;
    depth[nodes] = (short) level;
    firstToken[nodes] = sortedToken;
    nodes++;
  }

  int vocabularySize() {
    return tokens.length;
  }

  /** The length in bytes of the longest token. */
  int longest() {
    return longest;
  }

  /** The bytes of a token, not to be changed; none for one that is never allowed. */
  byte[] bytes(int token) {
    return tokens[token];
  }

  /**
   * Tokens whose bytes are exactly these, the longest that fits at each place; none if the
   * vocabulary cannot spell them that way.
   */
  int[] spell(byte[] text) {
    IntStream.Builder ids = IntStream.builder();
    int at = 0;
    while (at < text.length) {
      int token = longestAt(text, at);
      if (token < 0) {
        return new int[0];
      }
      ids.add(token);
      at += tokens[token].length;
    }
    return ids.build().toArray();
  }

  /** The longest token that the text has at this place, or -1. */
  private int longestAt(byte[] text, int from) {
    int found = -1;
    int node = 1;
    int stop = nodes;
    int at = from;
    while (node < stop && at < text.length) {
      if (label[node] == text[at]) {
        if (firstToken[node] < firstToken[node + 1]) {
          found = sorted[firstToken[node]];
        }
        stop = end[node];
        node++;
        at++;
      } else {
        node = end[node];
      }
    }
    return found;
  }

  /** What is told of the nodes that a walk comes to alive. */
  @FunctionalInterface
  interface Visitor {
    /** All nodes from one up to another have this state. */
    void visit(int node, int stop, Expression state);
  }

  /**
   * Goes from {@code root}, where the state is {@code start}, to all nodes below it whose bytes can
   * be consumed. The work is in proportion to these nodes and their children, but for subtrees
   * whose bytes change nothing: most of a vocabulary is that to a string or a free text.
   */
  void walk(int root, Expression start, Visitor visitor) {
    Expression[] states = new Expression[longest + 1];
    int base = depth[root];
    states[base] = start;
    int stop = end[root];
    int node = root + 1;
    while (node < stop) {
      int level = depth[node];
      Expression state = states[level - 1].next(label[node] & 0xFF);
      if (state.isDead()) {
        node = end[node];
      } else {
        int next = isSteady(node, state) ? end[node] : node + 1;
        states[level] = state;
        visitor.visit(node, next, state);
        node = next;
      }
    }
  }

  /** Whether the state is the same at all nodes below. */
  private boolean isSteady(int node, Expression state) {
    return end[node] - node >= LARGE
        && state.next(label[node + 1] & 0xFF) == state
        && state.loops().containsAll(byteSets[below[node]]);
  }

  /** Sets the bits of the tokens that end at nodes from one up to another. */
  void mark(int node, int stop, long[] words) {
    for (int i = firstToken[node]; i < firstToken[stop]; i++) {
      words[sorted[i] >> 6] |= 1L << sorted[i];
    }
  }
}
