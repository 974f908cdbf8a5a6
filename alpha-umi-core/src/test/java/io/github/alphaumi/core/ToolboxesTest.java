package io.github.alphaumi.core;

import io.github.alphaumi.core.testkit.ScriptedRoles;
import io.github.alphaumi.core.testkit.ToolboxContract;
import org.junit.jupiter.api.Nested;

/** The toolboxes of this module keep to the contract. */
class ToolboxesTest {
  private static Toolbox clerk() {
    return Agent.builder()
        .roles(ScriptedRoles.create().conclude("done").roles())
        .build()
        .asTool("clerk", "Knows prices");
  }

  @Nested
  class AnAgent extends ToolboxContract {
    @Override
    protected Toolbox toolbox() {
      return clerk();
    }
  }

  @Nested
  class Nothing extends ToolboxContract {
    @Override
    protected Toolbox toolbox() {
      return Toolbox.empty();
    }
  }

  @Nested
  class Several extends ToolboxContract {
    @Override
    protected Toolbox toolbox() {
      return Toolbox.of(clerk(), Toolbox.empty());
    }
  }
}
