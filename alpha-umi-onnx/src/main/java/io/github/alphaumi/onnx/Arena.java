package io.github.alphaumi.onnx;

import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Builds expressions in normal form and makes equal ones one object. Thread-safe.
 *
 * <p>Memory is bounded: expressions are held weakly, what holds them is their predecessors' cached
 * derivatives, and every {@value #EPOCH} new expressions these caches begin anew.
 */
final class Arena {
  private static final int EPOCH = 400_000;

  private final Interner<Expression> interner = Interners.newWeakInterner();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicInteger created = new AtomicInteger();

  /** The language without any string: a match that has failed. */
  final Expression empty = intern(new Regular.Bytes(this, ByteSet.NONE, false));

  /** The language of the empty string only. */
  final Expression epsilon = intern(new Regular.Bytes(this, ByteSet.NONE, true));

  long nextId() {
    return ids.getAndIncrement();
  }

  /** Cached derivatives of an earlier epoch are void. */
  int epoch() {
    return created.get() / EPOCH;
  }

  Expression intern(Expression candidate) {
    Expression known = interner.intern(candidate);
    if (known == candidate) {
      created.incrementAndGet();
    }
    return known;
  }

  Expression bytes(ByteSet set) {
    return set.isEmpty() ? empty : intern(new Regular.Bytes(this, set, false));
  }

  Expression range(int low, int high) {
    return low > high ? empty : bytes(ByteSet.range(low, high));
  }

  Expression literal(String text) {
    return literal(text.getBytes(StandardCharsets.UTF_8));
  }

  Expression literal(byte[] text) {
    Expression result = epsilon;
    for (int i = text.length - 1; i >= 0; i--) {
      result = seq(bytes(ByteSet.of(text[i] & 0xff)), result);
    }
    return result;
  }

  Expression seq(Expression... parts) {
    Expression result = epsilon;
    for (int i = parts.length - 1; i >= 0; i--) {
      result = seq(parts[i], result);
    }
    return result;
  }

  Expression seq(Expression head, Expression tail) {
    if (head == empty || tail == empty) {
      return empty;
    }
    if (head == epsilon) {
      return tail;
    }
    if (tail == epsilon) {
      return head;
    }
    List<Expression> heads = new ArrayList<>();
    Expression rest = head;
    while (rest instanceof Regular.Seq seq) {
      heads.add(seq.head);
      rest = seq.tail;
    }
    Expression result = intern(new Regular.Seq(this, rest, tail));
    for (int i = heads.size() - 1; i >= 0; i--) {
      result = intern(new Regular.Seq(this, heads.get(i), result));
    }
    return result;
  }

  Expression alt(Expression... parts) {
    return alt(Arrays.asList(parts));
  }

  Expression alt(Collection<Expression> parts) {
    if (parts.size() == 1) {
      return parts.iterator().next();
    }
    Set<Expression> flat = new LinkedHashSet<>();
    ByteSet single = ByteSet.NONE;
    boolean nullable = false;
    for (Expression part : parts) {
      for (Expression leaf :
          part instanceof Regular.Alt alt ? alt.parts : new Expression[] {part}) {
        if (leaf instanceof Regular.Bytes bytes && leaf != epsilon) {
          single = single.or(bytes.set);
        } else {
          flat.add(leaf);
          nullable |= leaf != epsilon && leaf.accepting();
        }
      }
    }
    if (!single.isEmpty()) {
      flat.add(bytes(single));
    }
    if (nullable) {
      flat.remove(epsilon);
    }
    if (flat.size() <= 1) {
      return flat.isEmpty() ? empty : flat.iterator().next();
    }
    Expression[] sorted = flat.toArray(new Expression[0]);
    Arrays.sort(sorted, Comparator.comparingLong(part -> part.id));
    return intern(new Regular.Alt(this, sorted));
  }

  Expression optional(Expression part) {
    return alt(epsilon, part);
  }

  /** {@code max} may be {@link Repeat#UNBOUNDED}. */
  Expression repeat(Expression body, int min, int max) {
    if (max == 0 || body == epsilon) {
      return epsilon;
    }
    if (body == empty) {
      return min == 0 ? epsilon : empty;
    }
    if (min == 1 && max == 1) {
      return body;
    }
    return intern(new Repeat(this, body, body.accepting() ? 0 : min, max));
  }

  Expression star(Expression body) {
    return repeat(body, 0, Repeat.UNBOUNDED);
  }

  Expression group(Expression inner) {
    boolean simple = inner == empty || inner == epsilon || inner instanceof Group;
    return simple ? inner : intern(new Group(this, inner));
  }

  /** See {@link Difference} for what may be given. */
  Expression difference(Expression all, Expression without) {
    if (without == empty || all == empty) {
      return all;
    }
    if (all == epsilon) {
      return without.accepting() ? empty : epsilon;
    }
    return intern(new Difference(this, all, without));
  }
}
