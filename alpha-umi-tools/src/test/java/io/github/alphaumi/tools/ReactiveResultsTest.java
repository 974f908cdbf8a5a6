package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Results that come later, as the libraries that users have return them. */
class ReactiveResultsTest {
  private static final AtomicBoolean RAN = new AtomicBoolean();

  /** The tools. */
  static class Shop {
    @Tool
    CompletionStage<String> stage() {
      return CompletableFuture.completedStage("a");
    }

    @Tool
    Future<String> future() {
      return CompletableFuture.completedFuture("a");
    }

    @Tool
    Flow.Publisher<String> flow() {
      return FlowAdapters.toFlowPublisher(Flux.just("a", "b"));
    }

    @Tool
    Mono<Map<String, Integer>> mono() {
      return Mono.fromSupplier(() -> Map.of("cents", 7));
    }

    @Tool
    Mono<String> nothing() {
      return Mono.empty();
    }

    @Tool
    Mono<Void> done() {
      return Mono.fromRunnable(() -> RAN.set(true));
    }

    @Tool
    Flux<Integer> flux() {
      return Flux.range(1, 3);
    }

    @Tool
    Publisher<Integer> flowable() {
      return Flowable.just(1, 2);
    }

    @Tool
    Flux<Long> endless() {
      return Flux.generate(sink -> sink.next(1L));
    }

    @Tool
    Mono<String> failing() {
      return Mono.error(new ToolException("there is no such order"));
    }
  }

  private final Toolbox tools = AnnotatedTools.of(new Shop());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "stage    | {\"result\": \"a\"}",
        "future   | {\"result\": \"a\"}",
        "flow     | {\"results\": [\"a\", \"b\"]}",
        "mono     | {\"cents\": 7}",
        "nothing  | {\"result\": null}",
        "done     | {\"result\": \"done\"}",
        "flux     | {\"results\": [1, 2, 3]}",
        "flowable | {\"results\": [1, 2]}",
      })
  void should_wait_for_what_was_promised(String tool, String text) {
    assertThat(Calls.run(tools, tool, "{}").text()).isEqualTo(text);
  }

  @Test
  void should_subscribe_to_what_gives_nothing() {
    RAN.set(false);
    Calls.run(tools, "done", "{}");
    assertThat(RAN).isTrue();
  }

  @Test
  void should_tell_of_failures_as_of_those_of_other_tools() {
    assertThat(Calls.run(tools, "failing", "{}"))
        .satisfies(o -> assertThat(o.status()).isEqualTo(Status.FAILED))
        .satisfies(o -> assertThat(o.text()).contains("there is no such order"));
  }

  @Test
  void should_not_wait_for_what_never_ends() {
    assertThat(Calls.run(tools, "endless", "{}").text()).contains("more than 10000 items");
  }

  /** Tools whose results nobody would ever subscribe to. */
  static class Unread {
    @Tool
    Single<String> single() {
      return Single.just("a");
    }

    @Tool
    Observable<String> observable() {
      return Observable.just("a");
    }
  }

  @Test
  void should_refuse_what_is_no_publisher_and_say_what_to_return_instead() {
    assertThatThrownBy(() -> AnnotatedTools.of(new Unread()))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining(
            "tool 'single': a result of type io.reactivex.rxjava3.core.Single is not waited for;"
                + " return its toCompletionStage()")
        .hasMessageContaining(
            "tool 'observable': a result of type io.reactivex.rxjava3.core.Observable is not"
                + " waited for; return its toFlowable(BackpressureStrategy.BUFFER)");
  }

  @Test
  void should_fail_a_function_that_returns_it() {
    Toolbox function = Tools.function("later", "", () -> Single.just("a"));
    assertThat(Calls.run(function, "later", "{}").status()).isEqualTo(Status.FAILED);
  }

  /** What is done where none of the libraries is on the class path. */
  public static final class Program implements Callable<String> {
    @Override
    public String call() {
      Toolbox stage =
          Tools.function("stage", "", () -> CompletableFuture.completedFuture(List.of("a")));
      return stage.execute(new ToolCall("stage", Map.of()), new FakeRunContext()).text();
    }
  }

  @Test
  void should_do_without_the_libraries() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("reactive-streams")
          && !entry.contains("reactor-core")
          && !entry.contains("rxjava")) {
        path.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Callable<?> program =
          (Callable<?>)
              loader.loadClass(Program.class.getName()).getDeclaredConstructor().newInstance();
      assertThat(program.call()).isEqualTo("{\"results\": [\"a\"]}");
      assertThat(loader.getResource("org/reactivestreams/Publisher.class")).isNull();
      assertThat(loader.getResource("reactor/core/publisher/Mono.class")).isNull();
    }
  }
}
