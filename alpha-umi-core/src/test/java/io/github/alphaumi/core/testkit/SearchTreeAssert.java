package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.SearchTree;
import org.assertj.core.api.AbstractAssert;

/** Assertions for trees. */
public final class SearchTreeAssert extends AbstractAssert<SearchTreeAssert, SearchTree> {

  SearchTreeAssert(SearchTree actual) {
    super(actual, SearchTreeAssert.class);
  }

  /** It has so many nodes, the root counted. */
  public SearchTreeAssert hasNodes(int number) {
    isNotNull();
    if (actual.nodes().size() != number) {
      failWithMessage(
          "%nExpecting %d nodes but there are %d:%n%s", number, actual.nodes().size(), actual);
    }
    return this;
  }

  /** A node has this state. */
  public SearchTreeAssert hasState(int node, SearchTree.State state) {
    isNotNull();
    if (actual.node(node).state() != state) {
      failWithMessage("%nExpecting node %d to be %s in%n%s", node, state, actual);
    }
    return this;
  }

  /**
   * Every node follows its parent and is one deeper, and only nodes that are not finished lack what
   * makes them whole.
   */
  public SearchTreeAssert isWellFormed() {
    isNotNull();
    for (SearchTree.Node node : actual.nodes()) {
      boolean root = node.id() == 0;
      boolean placed =
          root
              ? node.parent() == -1 && node.depth() == 0 && node.decision().isEmpty()
              : node.parent() >= 0
                  && node.parent() < node.id()
                  && node.depth() == actual.node(node.parent()).depth() + 1;
      if (!placed || !(root || isWhole(node))) {
        failWithMessage("%nExpecting node %d to fit into%n%s", node.id(), actual);
      }
    }
    return this;
  }

  private static boolean isWhole(SearchTree.Node node) {
    return switch (node.state()) {
      case ANSWERED -> node.answer().isPresent();
      case GAVE_UP, CUT -> node.decision().isPresent();
      case OPEN, ABANDONED -> !node.calls().isEmpty() && isObserved(node);
      case STOPPED -> (node.calls().isEmpty() || !isObserved(node)) && node.answer().isEmpty();
    };
  }

  private static boolean isObserved(SearchTree.Node node) {
    return node.calls().stream().allMatch(call -> call.observation().isPresent());
  }
}
