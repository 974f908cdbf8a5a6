package io.github.alphaumi.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run tried, as a tree: each node is one visit of the planner, in the order in
 * which they were made, under the node that it continued. A chain is a tree without branches.
 * Immutable.
 */
public final class SearchTree {
  private final String runId;
  private final String task;
  private final List<Node> nodes;
  private final List<List<Node>> children;

  /** What became of a node. */
  public enum State {
    /** The search goes on from it, or went on from it when it ended. */
    OPEN,
    /** It has an answer. */
    ANSWERED,
    /** The planner gave up there. */
    GAVE_UP,
    /** The limit of steps forbade the call that was planned. */
    CUT,
    /** The search left it for another branch. */
    ABANDONED,
    /** A limit, a cancellation or a failure came while it was being made. */
    STOPPED
  }

  /**
   * One call of a tool.
   *
   * @param call the call, if it was readable
   * @param observation what came back; empty if the run ended before
   */
  public record Call(Optional<ToolCall> call, Optional<Observation> observation) {}

  /** One call of a model. */
  public record ModelCall(Role role, ModelUse use) {}

  /**
   * One visit of the planner and what followed from it. Immutable.
   *
   * @param id its index; 0 is the root, which stands for the task and has no decision
   * @param parent the node that it continues; -1 for the root
   * @param depth steps from the root, the root's being 0
   * @param decision what the planner decided, if it did
   * @param calls what the caller wrote, in that order; empty if it was not asked
   * @param answer the summarizer's answer, if there is one
   * @param score what the search sorted it by; NaN if it did not
   * @param models the calls of models made for it
   * @param repairs how model texts were mended
   * @param agents the trees of agents that its call asked
   * @param started when it was begun, since the run began
   * @param time how long it took
   */
  public record Node(
      int id,
      int parent,
      int depth,
      Optional<Decision> decision,
      List<Call> calls,
      Optional<String> answer,
      State state,
      double score,
      List<ModelCall> models,
      List<String> repairs,
      List<SearchTree> agents,
      Duration started,
      Duration time) {

    public Node {
      calls = List.copyOf(calls);
      models = List.copyOf(models);
      repairs = List.copyOf(repairs);
      agents = List.copyOf(agents);
    }
  }

  /** The nodes have their index as id, the root first, and each its parent before it. */
  SearchTree(String runId, String task, List<Node> nodes) {
    this.runId = runId;
    this.task = task;
    this.nodes = List.copyOf(nodes);
    children = new ArrayList<>();
    for (Node node : this.nodes) {
      children.add(new ArrayList<>(0));
      if (node.parent >= 0) {
        children.get(node.parent).add(node);
      }
    }
  }

  public String runId() {
    return runId;
  }

  public String task() {
    return task;
  }

  /** All nodes; a node's index is its id. */
  public List<Node> nodes() {
    return nodes;
  }

  public Node root() {
    return nodes.get(0);
  }

  /**
   * @throws IndexOutOfBoundsException if there is no such node
   */
  public Node node(int id) {
    return nodes.get(id);
  }

  /** The nodes that continue this one, oldest first. */
  public List<Node> children(int id) {
    return List.copyOf(children.get(id));
  }

  /** The nodes from the first after the root to this one. */
  public List<Node> path(int id) {
    List<Node> path = new ArrayList<>();
    for (Node node = node(id); node.parent >= 0; node = node(node.parent)) {
      path.add(0, node);
    }
    return List.copyOf(path);
  }

  /** Whether the other is a tree of the same run, with equal nodes. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SearchTree tree
        && runId.equals(tree.runId)
        && task.equals(tree.task)
        && nodes.equals(tree.nodes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(runId, task, nodes);
  }

  /** The root as {@code task}, then a line for each node, indented by its depth. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(task);
    write(0, text);
    return text.toString();
  }

  private void write(int id, StringBuilder text) {
    for (Node child : children.get(id)) {
      text.append('\n').append("  ".repeat(child.depth)).append(child.id).append(' ');
      child.decision.ifPresent(decision -> text.append(DecisionText.write(decision)));
      for (Call made : child.calls) {
        made.call.ifPresent(call -> text.append(" | ").append(call));
        made.observation.ifPresent(observation -> text.append(" | ").append(observation.text()));
      }
      child.answer.ifPresent(answer -> text.append(" | ").append(answer));
      text.append(" [").append(child.state).append(']');
      write(child.id, text);
    }
  }
}
