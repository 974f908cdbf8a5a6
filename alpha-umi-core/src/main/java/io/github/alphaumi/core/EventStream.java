package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest events of one run, and subscribers that read them at their own pace. All share one
 * window of events, in which each has its place: whoever's place has been pushed out has lost the
 * thread and is told so. Thread-safe.
 */
final class EventStream implements RunListener, Flow.Publisher<RunEvent> {
  static final int KEPT = 1_024;

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  private final String runId;
  private final Executor executor;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();

  /** A ring: the event at a place of the stream is at that place modulo its size. */
  private final List<RunEvent> kept = new ArrayList<>();

  private long end;
  private boolean over;

  EventStream(String runId, Executor executor) {
    this.runId = runId;
    this.executor = executor;
  }

  @Override
  public void on(RunEvent event) {
    synchronized (this) {
      if (kept.size() < KEPT) {
        kept.add(event);
      } else {
        kept.set((int) (end % KEPT), event);
      }
      end++;
      over |= event instanceof RunEvent.Stopped && event.runId().equals(runId);
    }
    readers.forEach(Reader::wake);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super RunEvent> subscriber) {
    Reader reader = new Reader(subscriber, start());
    readers.add(reader);
    subscriber.onSubscribe(reader);
    reader.wake();
  }

  private synchronized long start() {
    return end - kept.size();
  }

  /** The event at this place of the stream; null if it is not there yet. */
  private synchronized @Nullable RunEvent at(long place) {
    return place < end ? kept.get((int) (place % KEPT)) : null;
  }

  private synchronized boolean isEnd(long place) {
    return over && place == end;
  }

  /** One subscriber and its place. At most one task at a time speaks to it. */
  private final class Reader implements Flow.Subscription {
    private final Flow.Subscriber<? super RunEvent> subscriber;
    private long place;
    private long wanted;
    private @Nullable RuntimeException refusal;
    private boolean reading;
    private boolean closed;

    Reader(Flow.Subscriber<? super RunEvent> subscriber, long place) {
      this.subscriber = subscriber;
      this.place = place;
    }

    @Override
    public void request(long n) {
      synchronized (this) {
        if (n <= 0) {
          refusal = new IllegalArgumentException("request: " + n + " is less than 1 (rule 3.9)");
        } else {
          wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
        }
      }
      wake();
    }

    @Override
    public synchronized void cancel() {
      close();
    }

    private void close() {
      closed = true;
      readers.remove(this);
    }

    void wake() {
      synchronized (this) {
        if (reading || closed) {
          return;
        }
        reading = true;
      }
      try {
        executor.execute(this::read);
      } catch (RejectedExecutionException e) {
        LOG.warn("no thread for a subscriber of run {}, which is dropped", runId, e);
        cancel();
      }
    }

    private void read() {
      try {
        Runnable word = next();
        while (word != null) {
          word.run();
          word = next();
        }
      } catch (RuntimeException e) {
        LOG.warn("a subscriber of run {} threw and is dropped", runId, e);
        cancel();
      }
    }

    /** What the subscriber is told next; null, and the end of this task, if that is nothing. */
    private synchronized @Nullable Runnable next() {
      RuntimeException problem = refusal;
      if (closed) {
        reading = false;
        return null;
      }
      if (problem == null && place < start()) {
        problem =
            new AlphaUmiException(
                "events: this subscriber is more than "
                    + KEPT
                    + " events behind; ask for more at a time, or for the tree instead");
      }
      if (problem != null) {
        RuntimeException told = problem;
        close();
        return () -> subscriber.onError(told);
      }
      if (isEnd(place)) {
        close();
        return subscriber::onComplete;
      }
      RunEvent event = wanted > 0 ? at(place) : null;
      if (event == null) {
        reading = false;
        return null;
      }
      place++;
      wanted--;
      return () -> subscriber.onNext(event);
    }
  }
}
