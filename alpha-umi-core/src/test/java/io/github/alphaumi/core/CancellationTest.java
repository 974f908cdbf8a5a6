package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final Cancellation cancellation = Cancellation.create();
  private final AtomicInteger heard = new AtomicInteger();

  @Test
  void should_run_actions_once() {
    cancellation.onCancel(heard::incrementAndGet);
    assertThat(cancellation.isCancelled()).isFalse();
    cancellation.cancel();
    cancellation.cancel();

    assertThat(cancellation.isCancelled()).isTrue();
    assertThat(heard).hasValue(1);
  }

  @Test
  void should_run_an_action_at_once_when_it_is_on() {
    cancellation.cancel();
    cancellation.onCancel(heard::incrementAndGet).run();

    assertThat(heard).hasValue(1);
  }

  @Test
  void should_forget_an_action_that_was_undone() {
    cancellation.child(() -> false).onCancel(heard::incrementAndGet).run();
    cancellation.cancel();

    assertThat(heard).hasValue(0);
  }

  @Test
  void should_run_all_actions_when_one_throws() {
    cancellation.onCancel(
        () -> {
          throw new IllegalStateException("first");
        });
    cancellation.onCancel(heard::incrementAndGet);

    assertThatThrownBy(cancellation::cancel).hasMessage("first");
    assertThat(heard).hasValue(1);
  }

  @Test
  void should_tell_a_child_but_not_the_parent() {
    AtomicBoolean condition = new AtomicBoolean();
    Cancellation child = cancellation.child(condition::get);
    child.onCancel(heard::incrementAndGet);

    condition.set(true);
    assertThat(child.isCancelled()).isTrue();
    assertThat(cancellation.isCancelled()).isFalse();
    cancellation.cancel();
    child.cancel();
    assertThat(heard).hasValue(1);
  }

  @Test
  void should_tell_a_tool_that_listens_on_its_context() {
    Toolbox listening =
        new Toolbox() {
          @Override
          public java.util.List<dev.langchain4j.agent.tool.ToolSpecification> specifications() {
            return FakeToolbox.of(call -> Observation.ok(""), "a").specifications();
          }

          @Override
          public Observation execute(ToolCall call, RunContext context) {
            context.cancellation().onCancel(heard::incrementAndGet);
            cancellation.cancel();
            return Observation.ok("{}");
          }
        };
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().call("a", Map.of()).roles())
            .tools(listening)
            .build()
            .run("task", cancellation);

    assertThat(heard).hasValue(1);
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.trajectory().steps()).hasSize(1);
  }
}
