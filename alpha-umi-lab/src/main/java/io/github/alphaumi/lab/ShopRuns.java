package io.github.alphaumi.lab;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.tools.AnnotatedTools;
import java.util.List;

/** An agent's runs over the tools of a small shop. */
final class ShopRuns implements ReplayBench.Runs {
  private static final List<String> TASKS =
      List.of(
          "Where is my order A-4711?",
          "How much is shipping for 2.5 kg to France?",
          "How many pieces of SKU-300 are in stock and what did order B-1001 cost?",
          "Which orders does customer C-17 have?",
          "When do you open on Saturday?",
          "What is the weather in Vienna?",
          "How many dollars are 120 euros?",
          "Is order B-1002 on its way and what did it cost?",
          "Is SKU-9920 in stock, and what does it cost to send 1.2 kg to Austria?",
          "What did the orders A-4711 and A-4712 cost?");

  @Override
  public int count() {
    return TASKS.size();
  }

  @Override
  public void play(Roles roles) {
    for (String task : TASKS) {
      Agent.builder().roles(roles).tools(AnnotatedTools.of(new ReplayTools())).build().run(task);
    }
  }
}
