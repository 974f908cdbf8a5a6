package io.github.alphaumi.core;

import dev.langchain4j.model.chat.ChatModel;
import org.jspecify.annotations.Nullable;

/**
 * How an agent looks for an answer: along one path, or over a tree of attempts. A value; immutable.
 *
 * <pre>{@code
 * Agent.builder().roles(roles).tools(tools).search(Search.depthFirst().width(3)).build();
 * }</pre>
 *
 * <p>Every search keeps to the agent's {@link Budget}; its own limits come on top. A call with an
 * effect that was made on one branch is not made again on another: its observation is taken over,
 * and says so.
 */
public abstract class Search {
  Search() {}

  /** Compares two attempts at a task. Thread-safe. */
  @FunctionalInterface
  public interface Judge {

    /**
     * Whether the first is the more promising. Each pair is asked for in both orders.
     *
     * @param first a path from the task to a step
     * @param second another one, which differs from the first in its last step
     * @param context this run; model calls are to be booked to it
     */
    boolean prefersFirst(Trajectory first, Trajectory second, RunContext context);

    /** A judge that asks a chat model; its calls are booked as the planner's. */
    static Judge prompted(ChatModel model) {
      return new PromptedJudge(model);
    }
  }

  /** Says how promising a path is. Thread-safe. */
  @FunctionalInterface
  public interface Scorer {

    /** Higher is better; NaN counts as the worst. */
    double score(Trajectory path, RunContext context);
  }

  /** One path from the task to an answer (ReAct). */
  public static Search chain() {
    return chain(1);
  }

  /**
   * Up to so many paths, each from the task on, until one ends in an answer; the planner is told at
   * the start of each how the others began.
   */
  public static Search chain(int tries) {
    return new ChainSearch(atLeast(1, tries, "tries"));
  }

  /**
   * Depth-first search with give-up and backtracking (DFSDT of ToolLLM, arXiv 2307.16789): children
   * are made one by one, each told what its siblings tried and what came back.
   */
  public static DepthFirst depthFirst() {
    return new DepthFirst(2, 0, Integer.MAX_VALUE, 200, 1, null, false);
  }

  /**
   * Goes on wherever the planner was surest of the path, from the whole tree: by the sum of its
   * turns' mean log-probabilities. Tuned planners tell theirs if their model does; a turn that
   * comes without counts as certain.
   */
  public static BestFirst bestFirst() {
    return new BestFirst(2, 200, 1, null);
  }

  /** Goes on wherever the score is best, from the whole tree. */
  public static BestFirst bestFirst(Scorer scorer) {
    return new BestFirst(2, 200, 1, scorer);
  }

  /** Whether the planner has to tell how sure it is. */
  boolean goesByPlanner() {
    return false;
  }

  /** Goes through the search's moves until it is done. */
  abstract Ending explore(Expander expander);

  static int atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " is less than " + least);
    }
    return value;
  }

  /** Depth-first search. Immutable. */
  public static final class DepthFirst extends Search {
    final int width;
    final int depth;
    final int nodes;
    final int queries;
    final int answers;
    final @Nullable Judge judge;
    final boolean published;

    private DepthFirst(
        int width,
        int depth,
        int nodes,
        int queries,
        int answers,
        @Nullable Judge judge,
        boolean published) {
      this.width = atLeast(1, width, "width");
      this.depth = atLeast(0, depth, "depth");
      this.nodes = atLeast(1, nodes, "nodes");
      this.queries = atLeast(1, queries, "queries");
      this.answers = atLeast(1, answers, "answers");
      this.judge = judge;
      this.published = published;
    }

    /** Children of a node at most; 2 if not set. */
    public DepthFirst width(int children) {
      return new DepthFirst(children, depth, nodes, queries, answers, judge, published);
    }

    /** Steps on a path at most; the budget's if not set, which is a limit in any case. */
    public DepthFirst depth(int steps) {
      return new DepthFirst(
          width, atLeast(1, steps, "depth"), nodes, queries, answers, judge, published);
    }

    /** Nodes of the tree at most, the root not counted; any number if not set. */
    public DepthFirst nodes(int most) {
      return new DepthFirst(width, depth, most, queries, answers, judge, published);
    }

    /** Planner's turns and judge's verdicts at most; 200 if not set. */
    public DepthFirst queries(int most) {
      return new DepthFirst(width, depth, nodes, most, answers, judge, published);
    }

    /** Ends the search when it has found so many answers; 1 if not set. */
    public DepthFirst answers(int enough) {
      return new DepthFirst(width, depth, nodes, queries, enough, judge, published);
    }

    /**
     * Makes all children of a node first, and goes on from the one that the judge prefers. Every
     * pair is compared in both orders; agreement gives a point, disagreement half a point each.
     */
    public DepthFirst ranked(Judge judge) {
      return new DepthFirst(width, depth, nodes, queries, answers, judge, published);
    }

    /**
     * The published behaviour, for comparison with published numbers. Depth counts levels of the
     * published tree, three to a step (12 if not set), so that 12 are four steps; the planner's
     * turn that reaches the number of queries is thrown away; giving up at the first step ends the
     * search; what was tried stays in the history of everything below; and asking again for what is
     * known does not end a branch.
     */
    public DepthFirst asPublished() {
      return new DepthFirst(width, depth == 0 ? 12 : depth, nodes, queries, answers, judge, true);
    }

    @Override
    public String toString() {
      return String.format(
          "depth-first %swith width %d, depth %d, %d nodes, %d queries, %d answers, judge %s",
          published ? "as published " : "",
          width,
          depth,
          nodes,
          queries,
          answers,
          judge == null ? "none" : Fingerprints.named(judge));
    }

    @Override
    Ending explore(Expander expander) {
      return published
          ? new PublishedDepthFirst(this, expander).explore()
          : new DepthFirstSearch(this, expander).explore();
    }
  }

  /** Best-first search. Immutable. */
  public static final class BestFirst extends Search {
    final int width;
    final int queries;
    final int answers;
    final @Nullable Scorer scorer;

    private BestFirst(int width, int queries, int answers, @Nullable Scorer scorer) {
      this.width = atLeast(1, width, "width");
      this.queries = atLeast(1, queries, "queries");
      this.answers = atLeast(1, answers, "answers");
      this.scorer = scorer;
    }

    /** Children of a node at most; 2 if not set. */
    public BestFirst width(int children) {
      return new BestFirst(children, queries, answers, scorer);
    }

    /** Planner's turns at most; 200 if not set. */
    public BestFirst queries(int most) {
      return new BestFirst(width, most, answers, scorer);
    }

    /** Ends the search when it has found so many answers; 1 if not set. */
    public BestFirst answers(int enough) {
      return new BestFirst(width, queries, enough, scorer);
    }

    @Override
    public String toString() {
      return String.format(
          "best-first with width %d, %d queries, %d answers, scorer %s",
          width,
          queries,
          answers,
          scorer == null ? "the planner's own" : Fingerprints.named(scorer));
    }

    @Override
    boolean goesByPlanner() {
      return scorer == null;
    }

    @Override
    Ending explore(Expander expander) {
      return new BestFirstSearch(this, expander).explore();
    }
  }
}
