package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Computes token masks and keeps them by state. One for all runs of a grammar with a tokenizer;
 * thread-safe.
 *
 * <p>The costly masks are those inside a string, where nearly the whole vocabulary is walked. Yet
 * only tokens with a quote in them see what comes after the string. So for a {@link Group} the walk
 * is made once, giving the tokens that stay within it and the nodes at which it is complete; for
 * each context in which it stands, only the walks on from those nodes are left.
 */
final class MaskCache {
  private static final long BYTES = 64L << 20;

  private final TokenTrie trie;
  private final int limit;
  private final Map<Expression, TokenMask> masks = new ConcurrentHashMap<>();
  private final Map<Expression, Inside> insides = new ConcurrentHashMap<>();

  /** Tokens that can be consumed within a group, and the nodes after which it may be over. */
  private record Inside(long[] words, int[] exits) {}

  MaskCache(TokenTrie trie) {
    this.trie = trie;
    this.limit = (int) Math.max(64, BYTES / (8L * words().length + 100));
  }

  TokenTrie trie() {
    return trie;
  }

  /** The tokens whose bytes lead from {@code state} to one from which acceptance is reachable. */
  TokenMask mask(Expression state) {
    Expression key = state.horizon(trie.longest());
    TokenMask known = masks.get(key);
    if (known == null) {
      long[] words = words();
      add(key, words);
      known = new TokenMask(words);
      if (masks.size() >= limit) {
        masks.clear();
      }
      masks.put(key, known);
    }
    return known;
  }

  private long[] words() {
    return new long[trie.vocabularySize() + 63 >> 6];
  }

  private void add(Expression state, long[] words) {
    List<Expression> others = new ArrayList<>();
    for (Expression part :
        state instanceof Regular.Alt alt ? alt.parts : new Expression[] {state}) {
      if (part instanceof Group group) {
        addGroup(group, group.arena.epsilon, words);
      } else if (part instanceof Regular.Seq seq && seq.head instanceof Group group) {
        addGroup(group, seq.tail, words);
      } else {
        others.add(part);
      }
    }
    if (!others.isEmpty()) {
      trie.walk(0, state.arena.alt(others), (node, stop, after) -> trie.mark(node, stop, words));
    }
  }

  private void addGroup(Group group, Expression tail, long[] words) {
    Inside inside = inside(group);
    for (int i = 0; i < words.length; i++) {
      words[i] |= inside.words[i];
    }
    if (group.accepting() && tail != group.arena.epsilon) {
      trie.walk(0, tail, (node, stop, after) -> trie.mark(node, stop, words));
    }
    for (int exit : inside.exits) {
      trie.walk(exit, tail, (node, stop, after) -> trie.mark(node, stop, words));
    }
  }

  private Inside inside(Group group) {
    Inside known = insides.get(group);
    if (known == null) {
      long[] words = words();
      List<Integer> exits = new ArrayList<>();
      trie.walk(
          0,
          group,
          (node, stop, after) -> {
            trie.mark(node, stop, words);
            for (int exit = node; exit < stop && after.accepting(); exit++) {
              exits.add(exit);
            }
          });
      known = new Inside(words, exits.stream().mapToInt(Integer::intValue).toArray());
      if (insides.size() >= limit) {
        insides.clear();
      }
      insides.put(group, known);
    }
    return known;
  }
}
