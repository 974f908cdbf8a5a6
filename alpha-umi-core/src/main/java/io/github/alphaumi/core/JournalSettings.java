package io.github.alphaumi.core;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a search and a budget become members of an entry. What is read back goes the same way through
 * a log, in which judges and scorers have spoken already.
 */
final class JournalSettings {
  private static final String DEPTH_FIRST = "depth-first";
  private static final String BEST_FIRST = "best-first";
  private static final String CHAIN = "chain";

  private JournalSettings() {}

  static Map<String, @Nullable Object> search(Search search) {
    Map<String, @Nullable Object> members = JournalData.members();
    if (search instanceof Search.DepthFirst depthFirst) {
      members.put("kind", DEPTH_FIRST);
      members.put("width", depthFirst.width);
      members.put("depth", depthFirst.depth);
      members.put("nodes", depthFirst.nodes);
      members.put("queries", depthFirst.queries);
      members.put("answers", depthFirst.answers);
      members.put("ranked", depthFirst.judge != null);
      members.put("published", depthFirst.published);
    } else if (search instanceof Search.BestFirst bestFirst) {
      members.put("kind", BEST_FIRST);
      members.put("width", bestFirst.width);
      members.put("queries", bestFirst.queries);
      members.put("answers", bestFirst.answers);
    } else {
      members.put("kind", CHAIN);
      members.put("tries", ((ChainSearch) search).tries());
    }
    return members;
  }

  static Search search(JournalData data) {
    return switch (data.text("kind")) {
      case DEPTH_FIRST -> depthFirst(data);
      case BEST_FIRST ->
          Search.bestFirst()
              .width((int) data.number("width"))
              .queries((int) data.number("queries"))
              .answers((int) data.number("answers"));
      default -> Search.chain((int) data.number("tries"));
    };
  }

  private static Search depthFirst(JournalData data) {
    Search.DepthFirst search =
        Search.depthFirst()
            .width((int) data.number("width"))
            .nodes((int) data.number("nodes"))
            .queries((int) data.number("queries"))
            .answers((int) data.number("answers"));
    int depth = (int) data.number("depth");
    if (depth > 0) {
      search = search.depth(depth);
    }
    if (data.flag("ranked")) {
      search =
          search.ranked(
              (first, second, context) -> {
                throw new IllegalStateException("the judge of a log is not asked");
              });
    }
    return data.flag("published") ? search.asPublished() : search;
  }

  static Map<String, @Nullable Object> budget(Budget budget) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("steps", budget.steps());
    members.put("modelCalls", budget.modelCalls());
    members.put("toolCalls", budget.toolCalls());
    members.put("tokens", budget.tokens());
    members.put("time", budget.time().toString());
    // JSON has no word for infinity.
    members.put("cost", Double.toString(budget.cost()));
    return members;
  }

  static Budget budget(JournalData data) {
    try {
      return Budget.defaults()
          .withSteps((int) data.number("steps"))
          .withModelCalls((int) data.number("modelCalls"))
          .withToolCalls((int) data.number("toolCalls"))
          .withTokens(data.number("tokens"))
          .withTime(Duration.parse(data.text("time")))
          .withCost(Double.parseDouble(data.text("cost")), Budget.defaults().price());
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new Journal.Failure(
          Journal.Failure.Reason.DAMAGED, "the log's budget cannot be read: " + e.getMessage(), e);
    }
  }
}
