package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.SearchTree;
import io.github.alphaumi.core.Trajectory;

/**
 * AssertJ assertions for what agents return; needs {@code assertj-core} among the test
 * dependencies.
 *
 * <pre>{@code
 * assertThat(result).answered("It is shipped.").called("orderStatus", Map.of("orderId", "A-4711"));
 * }</pre>
 */
public final class AgentAssertions {
  private AgentAssertions() {}

  public static AgentResultAssert assertThat(AgentResult actual) {
    return new AgentResultAssert(actual);
  }

  public static TrajectoryAssert assertThat(Trajectory actual) {
    return new TrajectoryAssert(actual);
  }

  public static SearchTreeAssert assertThat(SearchTree actual) {
    return new SearchTreeAssert(actual);
  }
}
