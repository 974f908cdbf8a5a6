package io.github.alphaumi.tools;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Effect;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How one tool may be used. Immutable; starts from {@link #defaults()}.
 *
 * <p>Retries and a cache are only for tools whose calls may be repeated: what does not go together
 * is refused when the toolbox is built.
 */
public final class ToolPolicy {
  private static final int LEAST_RESULT_CHARS = 200;
  private static final ToolPolicy DEFAULTS = new ToolPolicy(new Draft());

  private final Effect effect;
  private final boolean approval;
  private final Duration timeout;
  private final int attempts;
  private final Duration backoff;
  private final int maxResultChars;
  private final OptionalDouble maxResultShare;
  private final int maxArgumentChars;
  private final boolean exposeErrors;
  private final int concurrency;
  private final Optional<Rate> rate;
  private final Duration cacheTime;
  private final Set<String> redacted;
  private final Set<String> redactedArguments;
  private final Predicate<Map<String, String>> visibility;

  /**
   * How often a tool may be started.
   *
   * @param calls starts at most
   * @param per in any span of this length
   */
  public record Rate(int calls, Duration per) {
    public Rate {
      atLeastOne("calls", calls);
      positive("per", per);
    }
  }

  /** Values on their way to a policy. */
  private static final class Draft {
    private Effect effect = Effect.EFFECTFUL;
    private boolean approval;
    private Duration timeout = Duration.ofSeconds(30);
    private int attempts = 1;
    private Duration backoff = Duration.ofMillis(500);
    private int maxResultChars = 4_000;
    private OptionalDouble maxResultShare = OptionalDouble.empty();
    private int maxArgumentChars = 100_000;
    private boolean exposeErrors;
    private int concurrency = Integer.MAX_VALUE;
    private Optional<Rate> rate = Optional.empty();
    private Duration cacheTime = Duration.ZERO;
    private Set<String> redacted = Set.of();
    private Set<String> redactedArguments = Set.of();
    private Predicate<Map<String, String>> visibility = attributes -> true;
  }

  private ToolPolicy(Draft draft) {
    effect = draft.effect;
    approval = draft.approval;
    timeout = draft.timeout;
    attempts = draft.attempts;
    backoff = draft.backoff;
    maxResultChars = draft.maxResultChars;
    maxResultShare = draft.maxResultShare;
    maxArgumentChars = draft.maxArgumentChars;
    exposeErrors = draft.exposeErrors;
    concurrency = draft.concurrency;
    rate = draft.rate;
    cacheTime = draft.cacheTime;
    redacted = draft.redacted;
    redactedArguments = draft.redactedArguments;
    visibility = draft.visibility;
  }

  private ToolPolicy with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.effect = effect;
    draft.approval = approval;
    draft.timeout = timeout;
    draft.attempts = attempts;
    draft.backoff = backoff;
    draft.maxResultChars = maxResultChars;
    draft.maxResultShare = maxResultShare;
    draft.maxArgumentChars = maxArgumentChars;
    draft.exposeErrors = exposeErrors;
    draft.concurrency = concurrency;
    draft.rate = rate;
    draft.cacheTime = cacheTime;
    draft.redacted = redacted;
    draft.redactedArguments = redactedArguments;
    draft.visibility = visibility;
    change.accept(draft);
    return new ToolPolicy(draft);
  }

  /**
   * Effectful, no approval, 30 seconds, one attempt, results of 4,000 characters (about 1,000
   * tokens) and a quarter of a model's window, arguments of 100,000, errors not exposed, any number
   * of calls at a time and in a time, nothing cached or redacted, visible to all.
   */
  public static ToolPolicy defaults() {
    return DEFAULTS;
  }

  /** What a call does to the world, and so whether it may be repeated. */
  public Effect effect() {
    return effect;
  }

  /** Whether each call is held back until the agent's approver has allowed it. */
  public boolean approval() {
    return approval;
  }

  /** How long one attempt may take; the time left to the run is a limit too. */
  public Duration timeout() {
    return timeout;
  }

  /** How often a failing call is started at most. */
  public int attempts() {
    return attempts;
  }

  /** The pause after the first attempt, doubled after each further one. */
  public Duration backoff() {
    return backoff;
  }

  /** Characters of a result that the model is given, counted in the text it reads. */
  public int maxResultChars() {
    return maxResultChars;
  }

  /** The share of a model's window that a result may take in prompts, if there is one. */
  public OptionalDouble maxResultShare() {
    return maxResultShare;
  }

  /** Characters that the arguments of a call may have; one with more is refused. */
  public int maxArgumentChars() {
    return maxArgumentChars;
  }

  /** Whether the messages of exceptions go to the model; they may hold secrets. */
  public boolean exposeErrors() {
    return exposeErrors;
  }

  /** Calls that may be at work at a time. */
  public int concurrency() {
    return concurrency;
  }

  /** How often the tool may be started, if that is limited. */
  public Optional<Rate> rate() {
    return rate;
  }

  /** How long a result is given again for the same arguments; zero for never. */
  public Duration cacheTime() {
    return cacheTime;
  }

  /** Names of members whose values are taken out of results before anyone reads them. */
  public Set<String> redacted() {
    return redacted;
  }

  /** Arguments that only the tool and an approver get: names, or paths such as card.number. */
  public Set<String> redactedArguments() {
    return redactedArguments;
  }

  /** Whether a run with these attributes may know of the tool. */
  public boolean isVisibleTo(Map<String, String> attributes) {
    return visibility.test(attributes);
  }

  public ToolPolicy withEffect(Effect value) {
    return with(draft -> draft.effect = value);
  }

  /** With approval of each call. */
  public ToolPolicy withApproval() {
    return with(draft -> draft.approval = true);
  }

  /**
   * @throws IllegalArgumentException if the limit is not positive
   */
  public ToolPolicy withTimeout(Duration limit) {
    return with(draft -> draft.timeout = positive("timeout", limit));
  }

  /**
   * With further attempts after a failure or a time-out, for tools whose calls may be repeated. A
   * {@link ToolException} is an answer, not a failure: it is not tried again.
   *
   * @param attempts starts at most, the first one included
   * @param backoff the pause after the first attempt, doubled after each further one
   * @throws IllegalArgumentException if there is not one attempt or the pause is not positive
   */
  public ToolPolicy withAttempts(int attempts, Duration backoff) {
    return with(
        draft -> {
          draft.attempts = atLeastOne("attempts", attempts);
          draft.backoff = positive("backoff", backoff);
        });
  }

  /**
   * @param limit at least {@value #LEAST_RESULT_CHARS}, so that a notice about what is missing fits
   */
  public ToolPolicy withMaxResultChars(int limit) {
    if (limit < LEAST_RESULT_CHARS) {
      throw new IllegalArgumentException(
          "maxResultChars: " + limit + " is less than " + LEAST_RESULT_CHARS);
    }
    return with(draft -> draft.maxResultChars = limit);
  }

  /**
   * With a share of the window of the model that reads a result, instead of a quarter: the same
   * tool may say more to a model with a large window than to one with a small one. A result that
   * has more characters than {@link #maxResultChars} is shortened before that.
   *
   * @param share above 0 and up to 1
   */
  public ToolPolicy withMaxResultShare(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "maxResultShare: " + share + " is not above 0 and up to 1, such as 0.1 for a tenth");
    }
    return with(draft -> draft.maxResultShare = OptionalDouble.of(share));
  }

  /**
   * @throws IllegalArgumentException if the limit is not positive
   */
  public ToolPolicy withMaxArgumentChars(int limit) {
    return with(draft -> draft.maxArgumentChars = atLeastOne("maxArgumentChars", limit));
  }

  /** With messages of exceptions given to the model. */
  public ToolPolicy withExposedErrors() {
    return with(draft -> draft.exposeErrors = true);
  }

  /** With so many calls at work at a time; a further one waits within its time limit. */
  public ToolPolicy withConcurrency(int calls) {
    return with(draft -> draft.concurrency = atLeastOne("concurrency", calls));
  }

  /** With so many starts in any span of a length; a further one waits within its time limit. */
  public ToolPolicy withRate(int calls, Duration per) {
    return with(draft -> draft.rate = Optional.of(new Rate(calls, per)));
  }

  /** With results given again for the same arguments, for read-only tools. */
  public ToolPolicy withCache(Duration time) {
    return with(draft -> draft.cacheTime = positive("cache", time));
  }

  /** With the values of these members, at any depth of a result, kept from models and logs. */
  public ToolPolicy withRedacted(String... members) {
    return with(draft -> draft.redacted = Set.copyOf(new TreeSet<>(Set.of(members))));
  }

  /**
   * With arguments that only the tool and the {@link io.github.alphaumi.core.Approver} get: members
   * of this name at any depth, or at this path from the arguments ({@code card.number}, where lists
   * do not count). In later prompts, events, logs, journals, reports and telemetry {@code
   * [redacted]} stands for them, and for what the tool says of them again.
   *
   * <p>This is about arguments of calls: a secret that stands in the task, or that a planner writes
   * into a plan, is in prompts already. What a run needs to go on after it was cut off is kept with
   * {@link Agent.Builder#journalKey}.
   */
  public ToolPolicy withRedactedArguments(String... members) {
    return with(draft -> draft.redactedArguments = Set.copyOf(new TreeSet<>(Set.of(members))));
  }

  /**
   * With a tool that only some runs know of, by their {@link Agent#with attributes}: models of
   * others do not read about it, and their calls of it are calls of a tool that does not exist.
   *
   * <pre>{@code
   * policy.withVisibility(run -> "support".equals(run.get("team")));
   * }</pre>
   *
   * @param visibility a function of the attributes alone, as a resumed run has to see the same
   */
  public ToolPolicy withVisibility(Predicate<Map<String, String>> visibility) {
    return with(draft -> draft.visibility = Objects.requireNonNull(visibility, "visibility"));
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " is less than 1");
    }
    return value;
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " is not positive");
    }
    return value;
  }
}
