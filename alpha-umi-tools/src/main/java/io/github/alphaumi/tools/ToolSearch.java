package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.langchain4j.agent.tool.SearchBehavior;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A large toolbox of which models read only what a task needs: the best matches of the task's text,
 * the tools marked {@link SearchBehavior#ALWAYS_VISIBLE}, and a tool {@code findTools}, by which a
 * planner asks for others. What a call of it finds is shown from the next step on.
 *
 * <pre>{@code
 * Toolbox tools = ToolSearch.byWords(ProvidedTools.of(mcp), 8);
 * }</pre>
 *
 * <p>What is shown belongs to the path: the matches of the task and of its newest two needs, and
 * the tools that were called. A sibling branch of a search sees nothing of it, and a resumed run
 * sees it again. A tool that is not shown can still be called: this is about what models read, not
 * about what they may do. Thread-safe if the toolbox is; the index is made when tools are first
 * shown, and again when the toolbox offers others.
 */
public final class ToolSearch implements Toolbox {
  static final String FIND = "findTools";
  private static final String NEED = "need";
  private static final int NEEDS_SHOWN = 2;
  private static final int WIDER = 10;
  private static final int SEARCHES_KEPT = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(ToolSearch.class);

  private static final ToolSpecification FINDER =
      ToolSpecification.builder()
          .name(FIND)
          .description("Finds further tools when none of these can do what is needed")
          .parameters(
              JsonObjectSchema.builder()
                  .addStringProperty(NEED, "what the tool has to do, in a few words")
                  .required(NEED)
                  .build())
          .addMetadata(ToolSpecification.METADATA_SEARCH_BEHAVIOR, SearchBehavior.ALWAYS_VISIBLE)
          .build();

  private final Toolbox tools;
  private final int shown;
  private final Function<List<ToolSpecification>, ToolIndex> indexing;
  private volatile @Nullable Indexed indexed;

  /** An index of the tools that are searched, and what it has been asked. */
  private record Indexed(
      List<ToolSpecification> offered,
      List<ToolSpecification> searchable,
      ToolIndex index,
      Cache<Query, List<ToolSpecification>> found) {}

  private record Query(String text, int limit) {}

  private ToolSearch(
      Toolbox tools, int shown, Function<List<ToolSpecification>, ToolIndex> indexing) {
    if (shown < 1) {
      throw new IllegalArgumentException("shown: " + shown + " is less than 1");
    }
    this.tools = Objects.requireNonNull(tools, "tools");
    this.shown = shown;
    this.indexing = indexing;
  }

  /**
   * Finds tools by the words they share with a text (BM25, English stems).
   *
   * @param shown how many tools are shown for the task, and for each need
   * @throws IllegalArgumentException if none would be shown
   */
  public static Toolbox byWords(Toolbox tools, int shown) {
    return new ToolSearch(tools, shown, WordIndex::new);
  }

  /**
   * Finds tools by words and by the likeness of embeddings, which finds more. Where the model fails
   * words alone decide. Texts of all tools are embedded when the index is made.
   *
   * @param shown how many tools are shown for the task, and for each need
   * @throws IllegalArgumentException if none would be shown
   */
  public static Toolbox byMeaning(Toolbox tools, int shown, EmbeddingModel model) {
    Objects.requireNonNull(model, "model");
    return new ToolSearch(tools, shown, set -> wordsAndMeanings(set, model));
  }

  private static ToolIndex wordsAndMeanings(List<ToolSpecification> tools, EmbeddingModel model) {
    ToolIndex words = new WordIndex(tools);
    ToolIndex both = new FusedIndex(List.of(words, new MeaningIndex(tools, model)));
    return (text, limit) -> {
      try {
        return both.search(text, limit);
      } catch (RuntimeException e) {
        LOG.warn("tools are searched by words alone, the embedding model failed", e);
        return words.search(text, limit);
      }
    };
  }

  /** All tools, and the one that finds them. */
  @Override
  public List<ToolSpecification> specifications() {
    List<ToolSpecification> all = new ArrayList<>();
    all.add(FINDER);
    all.addAll(tools.specifications());
    if (all.stream().skip(1).anyMatch(tool -> tool.name().equals(FIND))) {
      throw new AlphaUmiException(
          "tool '" + FIND + "': the toolbox has one of this name; give it another one");
    }
    return List.copyOf(all);
  }

  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, RunContext context) {
    List<ToolSpecification> own =
        offered.stream().filter(tool -> !tool.name().equals(FIND)).toList();
    List<ToolSpecification> visible = tools.shown(own, path, context);
    Set<String> names = new HashSet<>();
    names.add(FIND);
    List<String> needs = new ArrayList<>();
    for (Step step : path.steps()) {
      step.outcomes().stream()
          .flatMap(outcome -> outcome.call().stream())
          .forEach(
              call -> {
                need(call).ifPresent(needs::add);
                names.add(call.name());
              });
    }
    Indexed index = indexed(own);
    visible.stream().filter(ToolSearch::isAlwaysVisible).forEach(tool -> names.add(tool.name()));
    Set<ToolSpecification> allowed = new HashSet<>(visible);
    names.addAll(found(index, path.task(), allowed));
    needs
        .subList(Math.max(0, needs.size() - NEEDS_SHOWN), needs.size())
        .forEach(need -> names.addAll(found(index, need, allowed)));
    List<ToolSpecification> result = new ArrayList<>();
    offered.stream().filter(tool -> tool.name().equals(FIND)).forEach(result::add);
    visible.stream().filter(tool -> names.contains(tool.name())).forEach(result::add);
    return result;
  }

  private static boolean isAlwaysVisible(ToolSpecification tool) {
    Object behavior = tool.metadata().get(ToolSpecification.METADATA_SEARCH_BEHAVIOR);
    return String.valueOf(behavior).equals(SearchBehavior.ALWAYS_VISIBLE.name());
  }

  private static Optional<String> need(ToolCall call) {
    return call.name().equals(FIND) && call.arguments().get(NEED) instanceof String need
        ? Optional.of(need.strip()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  private Indexed indexed(List<ToolSpecification> offered) {
    Indexed known = indexed;
    if (known == null || !known.offered.equals(offered)) {
      synchronized (this) {
        known = indexed;
        if (known == null || !known.offered.equals(offered)) {
          List<ToolSpecification> searchable =
              offered.stream().filter(tool -> !isAlwaysVisible(tool)).toList();
          known =
              new Indexed(
                  List.copyOf(offered),
                  searchable,
                  indexing.apply(searchable),
                  CacheBuilder.newBuilder().maximumSize(SEARCHES_KEPT).build());
          indexed = known;
        }
      }
    }
    return known;
  }

  /** Names of the best matches among the tools that may be shown. */
  private List<String> found(Indexed index, String text, Set<ToolSpecification> allowed) {
    for (int limit = shown; ; limit *= WIDER) {
      List<ToolSpecification> matches = matches(index, text, limit);
      List<String> names =
          matches.stream()
              .filter(allowed::contains)
              .limit(shown)
              .map(ToolSpecification::name)
              .toList();
      if (names.size() == shown || matches.size() < limit) {
        return names;
      }
    }
  }

  private static List<ToolSpecification> matches(Indexed index, String text, int limit) {
    Query query = new Query(text, limit);
    List<ToolSpecification> known = index.found.getIfPresent(query);
    if (known == null) {
      known = index.index.search(text, limit).stream().map(index.searchable::get).toList();
      index.found.put(query, known);
    }
    return known;
  }

  @Override
  public Effect effect(String tool) {
    return tool.equals(FIND) ? Effect.READ_ONLY : tools.effect(tool);
  }

  @Override
  public boolean redacts() {
    return tools.redacts();
  }

  @Override
  public ToolCall redacted(ToolCall call) {
    return call.name().equals(FIND) ? call : tools.redacted(call);
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    if (!call.name().equals(FIND)) {
      return tools.execute(call, context);
    }
    Optional<String> need = need(call);
    if (need.isEmpty()) {
      ObjectNode example =
          ToolJson.RESULTS.createObjectNode().put(NEED, "convert an amount of money");
      String problem = ToolTexts.invalid(FIND, List.of(ToolTexts.missing("", NEED)));
      return new Observation(
          Status.INVALID, ToolJson.write(ToolTexts.error(problem, FIND, example)));
    }
    Indexed known = indexed;
    Indexed index = known == null ? indexed(tools.specifications()) : known;
    // What may be shown to this run: a toolbox that shows what fits a task is asked for the need.
    Set<ToolSpecification> allowed =
        new HashSet<>(tools.shown(index.offered, Trajectory.start(need.get()), context));
    return Observation.ok(ToolJson.write(ToolTexts.found(found(index, need.get(), allowed))));
  }
}
