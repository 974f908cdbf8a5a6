package io.github.alphaumi.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Waits for results that come later: stages, futures and publishers. */
final class Promises {
  /** A publisher that goes on for ever must not fill the memory. */
  private static final int MOST_ITEMS = 10_000;

  private Promises() {}

  /** What was promised; the value itself if it promises nothing. */
  static @Nullable Object await(@Nullable Object result) throws Throwable {
    Object value = ReactiveResults.plain(result);
    if (value instanceof CompletionStage<?> stage) {
      return get(stage.toCompletableFuture());
    }
    if (value instanceof Future<?> future) {
      return get(future);
    }
    return value instanceof Flow.Publisher<?> publisher ? get(items(publisher)) : value;
  }

  private static @Nullable Object get(Future<?> future) throws Throwable {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof CompletionException && cause.getCause() != null
          ? cause.getCause()
          : cause;
    }
  }

  private static <T> CompletableFuture<List<T>> items(Flow.Publisher<T> publisher) {
    CompletableFuture<List<T>> all = new CompletableFuture<>();
    publisher.subscribe(
        new Flow.Subscriber<T>() {
          private final List<T> items = new ArrayList<>();

          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            all.whenComplete((done, failure) -> subscription.cancel());
            subscription.request(MOST_ITEMS + 1L);
          }

          @Override
          public void onNext(T item) {
            items.add(item);
            if (items.size() > MOST_ITEMS) {
              all.completeExceptionally(
                  new ToolException("there are more than " + MOST_ITEMS + " items"));
            }
          }

          @Override
          public void onError(Throwable failure) {
            all.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            all.complete(items);
          }
        });
    return all;
  }
}
