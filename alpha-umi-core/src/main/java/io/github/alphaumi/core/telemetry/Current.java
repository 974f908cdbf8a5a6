package io.github.alphaumi.core.telemetry;

import io.micrometer.observation.Observation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which observations are current on a thread while a role or a tool works there.
 *
 * <p>Scopes belong to threads and have to be closed in order, and events do not promise either: a
 * model that throws never reports its end. So only {@link #during} opens scopes for good; those of
 * model calls within it close at its end at the latest, and on other threads there are none.
 */
final class Current {
  private final ThreadLocal<@Nullable Deque<Scoped>> open = new ThreadLocal<>();

  private record Scoped(Observation observation, Observation.Scope scope) {}

  <T> T during(Observation observation, Supplier<T> work) {
    Deque<Scoped> before = open.get();
    Deque<Scoped> here = new ArrayDeque<>();
    open.set(here);
    here.push(new Scoped(observation, observation.openScope()));
    try {
      return work.get();
    } finally {
      while (!here.isEmpty()) {
        here.pop().scope.close();
      }
      if (before == null) {
        open.remove();
      } else {
        open.set(before);
      }
    }
  }

  /** From here on this thread works for that observation, if it works for one at all. */
  void enter(Observation observation) {
    Deque<Scoped> here = open.get();
    if (here != null) {
      here.push(new Scoped(observation, observation.openScope()));
    }
  }

  /** No longer, if it is the newest that was entered here. */
  void leave(Observation observation) {
    Deque<Scoped> here = open.get();
    if (here != null && here.size() > 1 && here.peek().observation == observation) {
      here.pop().scope.close();
    }
  }
}
