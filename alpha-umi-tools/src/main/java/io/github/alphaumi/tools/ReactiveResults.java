package io.github.alphaumi.tools;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * What libraries for reactive programming return, as what the JDK has for it. None of the libraries
 * need be there: their classes are touched only where they are.
 */
final class ReactiveResults {
  private static final boolean STREAMS = isThere("org.reactivestreams.Publisher");
  private static final boolean REACTOR = isThere("reactor.core.publisher.Mono");

  /** Types of other results that come later, and what makes them ones that are waited for. */
  private static final Map<String, String> REMEDIES =
      Map.of(
          "io.reactivex.rxjava3.core.SingleSource", "toCompletionStage()",
          "io.reactivex.rxjava3.core.MaybeSource", "toCompletionStage()",
          "io.reactivex.rxjava3.core.CompletableSource", "toCompletionStage(null)",
          "io.reactivex.rxjava3.core.ObservableSource", "toFlowable(BackpressureStrategy.BUFFER)",
          "io.smallrye.mutiny.Uni", "subscribeAsCompletionStage()");

  private ReactiveResults() {}

  private static boolean isThere(String type) {
    try {
      Class.forName(type, false, ReactiveResults.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * A future or a publisher of the JDK; any other value as it is.
   *
   * @throws IllegalStateException if there is a {@link #problem} with it
   */
  static @Nullable Object plain(@Nullable Object value) {
    if (value != null) {
      problem(value.getClass())
          .ifPresent(
              problem -> {
                throw new IllegalStateException(problem);
              });
    }
    if (REACTOR && value instanceof Mono<?> mono) {
      return mono.toFuture();
    }
    return STREAMS && value instanceof Publisher<?> publisher
        ? FlowAdapters.toFlowPublisher(publisher)
        : value;
  }

  /** Whether values of a type give one value later, or none. */
  static boolean isSingle(Class<?> type) {
    return REACTOR && Mono.class.isAssignableFrom(type);
  }

  /** What is wrong with a type of results, of those that nobody would wait for. */
  static Optional<String> problem(Class<?> type) {
    return REMEDIES.entrySet().stream()
        .filter(known -> isA(type, known.getKey()))
        .map(
            known ->
                "a result of type "
                    + type.getName()
                    + " is not waited for; return its "
                    + known.getValue())
        .findFirst();
  }

  private static boolean isA(@Nullable Class<?> type, String name) {
    if (type == null) {
      return false;
    }
    if (type.getName().equals(name) || isA(type.getSuperclass(), name)) {
      return true;
    }
    for (Class<?> parent : type.getInterfaces()) {
      if (isA(parent, name)) {
        return true;
      }
    }
    return false;
  }
}
