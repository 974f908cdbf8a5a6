package io.github.alphaumi.core.cases;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Toolbox;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Case files as JUnit 5 tests, one for each case.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> orders() {
 *   return CaseTests.of(
 *       Path.of("src/test/cases/orders.json"),
 *       tools -> Agent.builder().roles(roles).tools(tools).build());
 * }
 * }</pre>
 *
 * <p>A case that fails says what went wrong first and what the agent did, step by step.
 */
public final class CaseTests {
  private CaseTests() {}

  /**
   * @param agent makes the agent that is tested, with the scripted tools in place of its own
   * @throws io.github.alphaumi.core.AlphaUmiException as {@link AgentCase#load}
   */
  public static Stream<DynamicTest> of(Path cases, Function<Toolbox, Agent> agent) {
    return of(cases, AgentCase.Subject.of(agent));
  }

  /** As {@link #of(Path, Function)}, for what is no {@link Agent}. */
  public static Stream<DynamicTest> of(Path cases, AgentCase.Subject subject) {
    return AgentCase.load(cases).stream()
        .map(
            agentCase ->
                DynamicTest.dynamicTest(agentCase.toString(), () -> check(agentCase, subject)));
  }

  private static void check(AgentCase agentCase, AgentCase.Subject subject) {
    agentCase
        .run(subject)
        .report()
        .ifPresent(
            report -> {
              throw new AssertionError(agentCase + "\n" + report);
            });
  }
}
