package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event. Thread-safe. */
public final class RecordingListener implements RunListener {
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void on(RunEvent event) {
    events.add(event);
  }

  /** All events, oldest first. */
  public List<RunEvent> events() {
    return List.copyOf(events);
  }

  /** The events of one kind, oldest first. */
  public <T extends RunEvent> List<T> events(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What happened, as simple class names: {@code Started, Planned, ..., Stopped}. */
  public List<String> kinds() {
    return events.stream().map(event -> event.getClass().getSimpleName()).toList();
  }
}
