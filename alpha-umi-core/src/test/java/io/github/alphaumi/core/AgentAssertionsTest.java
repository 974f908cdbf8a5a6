package io.github.alphaumi.core;

import static io.github.alphaumi.core.testkit.AgentAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AgentAssertionsTest {
  private final AgentResult result =
      Agent.builder()
          .roles(
              ScriptedRoles.create()
                  .call("price", Map.of("ticker", "MSFT"))
                  .unreadable("?", "no call")
                  .conclude("It is 417.2.")
                  .roles())
          .tools(FakeToolbox.of(call -> Observation.ok("{}"), "price"))
          .build()
          .run("task");

  @Test
  void should_pass_if_it_is_so() {
    assertThat(result)
        .answered()
        .answered("It is 417.2.")
        .called("price", Map.of("ticker", "MSFT"))
        .neverCalled("pay");
    assertThat(result)
        .trajectory()
        .hasSteps(2)
        .calledInOrder("price", "?")
        .observed(Observation.Status.OK, Observation.Status.INVALID);
    assertThat(result).tree().hasNodes(4).hasState(3, SearchTree.State.ANSWERED).isWellFormed();
    assertThat(result.trajectory()).hasSteps(2);
    assertThat(result.tree()).hasNodes(4);
  }

  @Test
  void should_fail_with_what_there_was_if_it_is_not() {
    fails(() -> assertThat(result).stopped(StopReason.GAVE_UP), "ANSWERED");
    fails(() -> assertThat(result).answered("417"), "It is 417.2.");
    fails(() -> assertThat(result).called("price", Map.of()), "MSFT");
    fails(() -> assertThat(result).neverCalled("price"), "MSFT");
    fails(() -> assertThat(result).trajectory().hasSteps(1), "there are 2");
    fails(() -> assertThat(result).trajectory().calledInOrder("price"), "[price, ?]");
    fails(() -> assertThat(result).trajectory().observed(), "[OK, INVALID]");
    fails(() -> assertThat(result).tree().hasNodes(9), "there are 4");
    fails(() -> assertThat(result).tree().hasState(3, SearchTree.State.CUT), "[ANSWERED]");
  }

  private static void fails(ThrowingCallable assertion, String told) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContaining(told);
  }
}
