package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.hash.Hashing;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.output.structured.Description;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A toolbox whose long results are read page by page: models get the beginning, a handle, and a
 * tool {@code readMore} to read on.
 *
 * <pre>{@code
 * Toolbox tools = PagedTools.of(reports, 4_000);
 * }</pre>
 *
 * <p>What the toolbox's own policies cut off is not there to be read: give them a larger {@link
 * ToolPolicy#withMaxResultChars}. Handles are good for the run that got them. Results are kept in
 * this process, the oldest ones not for ever; a handle whose result is gone, as after a restart,
 * gets an answer that says so. Thread-safe if the toolbox is.
 */
public final class PagedTools implements Toolbox {
  static final String READ = "readMore";

  /** Characters of results that are kept for all runs together. */
  private static final long KEPT = 50_000_000;

  private static final int LEAST_PAGE = 500;

  private final Toolbox tools;
  private final int pageChars;
  private final Toolbox reader;
  private final Cache<Key, LongResult> results =
      CacheBuilder.newBuilder()
          .maximumWeight(KEPT)
          .weigher((Key key, LongResult result) -> result.length())
          .build();

  private record Key(String runId, String handle) {}

  /** What a model writes to read on. */
  record Place(
      @Description("the handle that the result came with") String handle,
      @Description("where to go on, as the result says") int from) {}

  private PagedTools(Toolbox tools, int pageChars) {
    if (pageChars < LEAST_PAGE) {
      throw new IllegalArgumentException("pageChars: " + pageChars + " is less than " + LEAST_PAGE);
    }
    this.tools = tools;
    this.pageChars = pageChars;
    ToolPolicy policy =
        ToolPolicy.defaults().withEffect(Effect.READ_ONLY).withMaxResultChars(Integer.MAX_VALUE);
    reader = Tools.function(READ, "Reads on in a long result", Place.class, policy, this::page);
  }

  /**
   * @param pageChars characters of a page, at least {@value #LEAST_PAGE}
   * @throws IllegalArgumentException if it is less
   */
  public static Toolbox of(Toolbox tools, int pageChars) {
    return new PagedTools(tools, pageChars);
  }

  /**
   * All tools, and the one that reads on.
   *
   * @throws AlphaUmiException if the toolbox has one of that name
   */
  @Override
  public List<ToolSpecification> specifications() {
    return Toolbox.of(tools, reader).specifications();
  }

  /** The tool that reads on is shown where there is something to read. */
  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, RunContext context) {
    List<ToolSpecification> own = offered.stream().filter(tool -> !isReader(tool)).toList();
    List<ToolSpecification> shown = new ArrayList<>(tools.shown(own, path, context));
    if (path.steps().stream()
        .flatMap(step -> step.outcomes().stream())
        .anyMatch(outcome -> outcome.observation().text().contains(READ))) {
      offered.stream().filter(PagedTools::isReader).forEach(shown::add);
    }
    return shown;
  }

  private static boolean isReader(ToolSpecification tool) {
    return tool.name().equals(READ);
  }

  @Override
  public Effect effect(String tool) {
    return tool.equals(READ) ? Effect.READ_ONLY : tools.effect(tool);
  }

  @Override
  public boolean redacts() {
    return tools.redacts();
  }

  @Override
  public ToolCall redacted(ToolCall call) {
    return call.name().equals(READ) ? call : tools.redacted(call);
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    if (call.name().equals(READ)) {
      return reader.execute(call, context);
    }
    Observation observation = tools.execute(call, context);
    if (observation.status() != Observation.Status.OK || observation.text().length() <= pageChars) {
      return observation;
    }
    LongResult result = LongResult.of(ResultText.object(observation.text()), pageChars);
    // The same in a resumed run, and no other call's: no counter, which would begin again.
    String handle =
        Hashing.sha256()
            .hashString(context.idempotencyKey(), StandardCharsets.UTF_8)
            .toString()
            .substring(0, 6);
    results.put(new Key(context.runId(), handle), result);
    return Observation.ok(ToolJson.write(result.page(0, handle)));
  }

  private ObjectNode page(Place place, ToolContext context) {
    LongResult result = results.getIfPresent(new Key(context.runId(), place.handle));
    if (result == null) {
      throw new ToolException(ToolTexts.noSuchResult(place.handle));
    }
    if (place.from < 0 || place.from >= result.size()) {
      throw new ToolException(ToolTexts.noSuchPage(place.from, result.size()));
    }
    return result.page(place.from, place.handle);
  }
}
