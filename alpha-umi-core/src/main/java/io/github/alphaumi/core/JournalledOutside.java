package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The world as a log remembers it: questions are answered from the log until it ends, then from the
 * world, and what it answers is written down before the loop goes on with it. The loop goes on with
 * what was written, not with what was said, so that it cannot tell the two apart.
 *
 * <p>A tool with an effect is the one thing that must not be asked twice. An intent is written when
 * it may start, the outcome when it has ended; a question for approval takes the intent back until
 * it is answered. So a log that ends in an intent is one whose tool may have run:
 *
 * <pre>
 * execution = [intent] { asked {suspended} decided [intent] } (outcome | observed)
 * </pre>
 *
 * <p>Answers of a log are given on the run's thread; approval may be asked for on a tool's.
 */
final class JournalledOutside implements Outside, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalledOutside.class);

  /** Characters of a tool's result that are kept; an escape in JSON can take six each. */
  private static final int LONGEST_RESULT = Journal.MAX_DATA / 8;

  private final Agent agent;
  private final TrajectoryNode start;
  private final LiveOutside live;
  private final Logbook logbook;
  private final Runnable wentOn;
  private final SealedCalls seals;
  private volatile Duration offset = Duration.ZERO;
  private volatile boolean replaying;
  private JournalReader entries;
  private Journal.@Nullable Log log;
  private boolean begun;
  private @Nullable NodeContext asking;

  /** Whether the calls that are made may have been written down in any order. */
  private boolean several;

  /** The calls that are being made. Guarded by this. */
  private final Map<NodeContext, Execution> executing = new IdentityHashMap<>();

  /** What is known of a call that is being made. Guarded by the outside's monitor. */
  private static final class Execution {
    final ToolCall call;
    final NodeContext context;
    final Effect effect;

    /** Whether the newest entry says that the tool may start. */
    boolean intended;

    @Nullable ToolCall asked;
    Approver.@Nullable Answer decided;
    boolean suspended;

    /** What the log says that came back. */
    @Nullable Observation logged;

    Execution(ToolCall call, NodeContext context, Effect effect) {
      this.call = call;
      this.context = context;
      this.effect = effect;
    }

    boolean mayHaveRun() {
      return intended && !effect.repeatable();
    }

    /** What somebody was asked about is what runs, also where the caller's words were others. */
    ToolCall exact() {
      return asked == null ? call : asked;
    }

    Map<String, @Nullable Object> members(ToolCall call) {
      return members(JournalValues.call(call));
    }

    Map<String, @Nullable Object> members(Map<String, @Nullable Object> members) {
      if (context.call() > 0) {
        members.put("call", context.call());
      }
      return members;
    }
  }

  /** What is asked, and what it is asked about. */
  private record Question(Kind kind, NodeContext context, String history) {}

  /**
   * @param wentOn is told when the log has ended and the world is asked
   */
  JournalledOutside(
      Agent agent, TrajectoryNode start, LiveOutside live, Logbook logbook, Runnable wentOn) {
    this.agent = agent;
    this.start = start;
    this.live = live;
    this.logbook = logbook;
    this.wentOn = wentOn;
    seals = new SealedCalls(logbook.runId(), agent.journalKey, this::redactedLive);
    replaying = logbook.use() != Logbook.Use.BEGIN;
    entries = JournalReader.empty(logbook.runId());
  }

  /**
   * Takes the run's lease and reads what there is.
   *
   * @throws Journal.Failure if the log cannot be opened, or a decision does not fit it
   */
  void open() {
    Journal journal = logbook.journal();
    String runId = logbook.runId();
    uninterrupted(
        () -> {
          switch (logbook.use()) {
            case BEGIN -> log = journal.create(runId);
            case RESUME -> {
              log = journal.open(runId);
              entries = JournalReader.of(runId, log.entries());
            }
            case REPLAY -> entries = JournalReader.of(runId, journal.read(runId));
          }
        });
    begun = entries.size() > 0;
    logbook.decision().ifPresent(this::decide);
  }

  /** At the time at which the run was suspended: the time until then is not the run's. */
  private void decide(Approver.Answer decision) {
    JournalReader.Undecided undecided =
        entries
            .undecided()
            .orElseThrow(
                () ->
                    new Journal.Failure(
                        Journal.Failure.Reason.DECISION,
                        "run "
                            + logbook.runId()
                            + ": it does not wait for a decision, its newest entry is "
                            + entries.newest().kind()
                            + "; resume it without one"));
    Map<String, @Nullable Object> members =
        seals.sealed(JournalValues.answer(undecided.call().name(), decision));
    if (undecided.number() > 0) {
      members.put("call", undecided.number());
    }
    members.put("at", entries.newestData().number("at"));
    entries = entries.and(append(Kind.DECIDED, JournalData.write(members)));
  }

  @Override
  public Duration elapsed() {
    return replaying ? offset : live.elapsed().plus(offset);
  }

  @Override
  public List<ToolSpecification> tools(NodeContext context) {
    if (log == null) {
      return entries.start().tools().entrySet().stream()
          .map(
              tool ->
                  tool.getValue()
                      .specification()
                      .orElseGet(() -> ToolSpecification.builder().name(tool.getKey()).build()))
          .toList();
    }
    List<ToolSpecification> tools = live.tools(context);
    JournalStart now = JournalStart.of(agent, start, tools, live::effect);
    if (replaying) {
      entries.start().check(entries.runId(), now);
    } else {
      append(Kind.STARTED, now.members());
    }
    return tools;
  }

  /** Not written down: it follows from what is. */
  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, NodeContext context) {
    return log == null ? offered : live.shown(offered, path, context);
  }

  @Override
  public Effect effect(String tool) {
    return log == null ? entries.start().effect(tool) : live.effect(tool);
  }

  /** As it was when it was written: what is redacted may have been changed since. */
  @Override
  public ToolCall redacted(ToolCall call) {
    return seals.redacted(call);
  }

  private ToolCall redactedLive(ToolCall call) {
    return log == null ? call : live.redacted(call);
  }

  @Override
  public Decision plan(Trajectory trajectory, List<ToolSpecification> tools, NodeContext context) {
    return ask(
        new Question(Kind.PLANNED, context, Fingerprints.history(trajectory)),
        () -> JournalValues.decision(live.plan(trajectory, tools, context)),
        JournalValues::decision);
  }

  @Override
  public Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      NodeContext context) {
    Caller.Turn turn =
        ask(
            new Question(Kind.CALLED, context, Fingerprints.history(trajectory)),
            () -> JournalValues.turn(readable(live.call(trajectory, plan, tools, context))),
            JournalValues::turn);
    several = turn instanceof Caller.Several;
    return turn;
  }

  /** Nobody can say what in a text that is no call may be read. */
  private Caller.Turn readable(Caller.Turn turn) {
    if (turn instanceof Caller.Several several) {
      return new Caller.Several(several.calls().stream().map(this::readable).toList());
    }
    if (turn instanceof ToolCall call && effect(call.name()) == Effect.EFFECTFUL) {
      return seals.orMadeBefore(call);
    }
    return turn instanceof Caller.Unreadable bad && agent.tools.redacts()
        ? new Caller.Unreadable(ModelMessages.REDACTED, bad.problem())
        : turn;
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      NodeContext context) {
    return ask(
        new Question(Kind.SUMMARIZED, context, Fingerprints.history(trajectory)),
        () -> JournalData.member("answer", live.summarize(trajectory, plan, tools, context)),
        data -> data.text("answer"));
  }

  @Override
  public boolean prefer(
      Search.Judge judge, Trajectory first, Trajectory second, NodeContext context) {
    String history = Fingerprints.history(first) + " " + Fingerprints.history(second);
    return ask(
        new Question(Kind.JUDGED, context, history),
        () -> JournalData.member("first", live.prefer(judge, first, second, context)),
        data -> data.flag("first"));
  }

  /** A score may be no number, which JSON has no word for. */
  @Override
  public double score(Search.Scorer scorer, Trajectory trajectory, NodeContext context) {
    return ask(
        new Question(Kind.JUDGED, context, Fingerprints.history(trajectory)),
        () -> JournalData.member("score", Double.toString(live.score(scorer, trajectory, context))),
        data -> Double.parseDouble(data.text("score")));
  }

  private <T> T ask(
      Question question,
      Supplier<Map<String, @Nullable Object>> world,
      Function<JournalData, T> reading) {
    NodeContext context = question.context;
    if (isLogged(context)) {
      if (entries.kind() != question.kind) {
        throw entries.diverged(
            String.format(
                "the log has %s, the loop asks for %s of node %d",
                entries.kind(), question.kind, context.node()));
      }
      JournalData data = take();
      check(question, "node", Long.toString(data.number("node")), "" + context.node());
      check(question, "history", data.text("history"), question.history);
      Booked.restore(data, context);
      return reading.apply(data);
    }
    asking = context;
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("node", context.node());
    members.put("history", question.history);
    members.putAll(world.get());
    return reading.apply(appendBooked(question.kind, members, context));
  }

  private void check(Question question, String what, String written, String asked) {
    if (!written.equals(asked)) {
      throw entries.divergedBefore(
          String.format(
              "the log has %s with %s %s, the loop asks for it with %s %s",
              question.kind, what, written, what, asked));
    }
  }

  private JournalData take() {
    JournalData data = seals.opened(entries.next());
    // Never back: what is told of calls that ran side by side is read call by call.
    offset = Duration.ofNanos(Math.max(offset.toNanos(), data.number("at")));
    return data;
  }

  /**
   * Whether the log has the next answer; where it ends, the world is asked from here on.
   *
   * @throws RunStoppedException if the log says that the run ended here
   */
  private boolean isLogged(NodeContext context) {
    if (!replaying) {
      return false;
    }
    if (findAnswer(context)) {
      return true;
    }
    if (log == null) {
      throw entries
          .undecided()
          .map(undecided -> suspended(undecided.call()))
          .orElseGet(
              () ->
                  new RunStoppedException(
                      StopReason.CANCELLED,
                      "the journal ends here, after " + entries.size() + " entries"));
    }
    offset = offset.minus(live.elapsed());
    replaying = false;
    append(Kind.RESUMED, JournalData.member("by", JournalChecks.holder()));
    wentOn.run();
    return false;
  }

  /** Past entries that answer nothing. */
  private boolean findAnswer(NodeContext context) {
    while (entries.hasNext()) {
      switch (entries.kind()) {
        case RESUMED -> take();
        case PAUSED -> Booked.restore(take(), context);
        case FINISHED -> {
          JournalData data = take();
          Booked.restore(data, context);
          throw new RunStoppedException(
              data.constant(StopReason.class, "reason"), data.text("detail"));
        }
        default -> {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Observation execute(ToolCall call, NodeContext context) {
    Execution making = remembered(call, context);
    if (making.logged != null) {
      return making.logged;
    }
    goLive(making);
    Optional<Observation> instead = instead(making);
    if (instead.isPresent()) {
      return instead.get();
    }
    begin(making);
    Observation observation;
    try {
      observation = live.execute(making.exact(), context);
    } catch (RunStoppedException | EditedCallException e) {
      end(making);
      checkSuspended(making);
      throw e;
    } finally {
      end(making);
    }
    checkSuspended(making);
    return outcome(making, observation);
  }

  /**
   * What the log has of the calls is told first, then they are made that it has not. A log that
   * goes on has the outcomes of all of them.
   */
  @Override
  public void executeAll(List<Wanted> calls, Ended ended) {
    List<Execution> unknown = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Execution making;
      try {
        making = remembered(calls.get(i).call(), calls.get(i).context());
      } catch (EditedCallException e) {
        ended.ended(
            i,
            () -> {
              throw e;
            });
        continue;
      }
      Observation logged = making.logged;
      if (logged != null) {
        ended.ended(i, () -> logged);
      } else {
        unknown.add(making);
        places.add(i);
      }
    }
    if (!unknown.isEmpty()) {
      goLive(unknown.get(0));
      makeAll(unknown, places, ended);
    }
  }

  /**
   * @param places of the calls among those of which it is told
   */
  private void makeAll(List<Execution> calls, List<Integer> places, Ended ended) {
    List<Execution> left = new ArrayList<>();
    List<Integer> leftPlaces = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Optional<Observation> instead = instead(calls.get(i));
      if (instead.isPresent()) {
        ended.ended(places.get(i), instead::get);
      } else {
        left.add(calls.get(i));
        leftPlaces.add(places.get(i));
      }
    }
    if (left.isEmpty()) {
      return;
    }
    left.forEach(this::begin);
    try {
      live.executeAll(
          left.stream().map(making -> new Wanted(making.exact(), making.context)).toList(),
          (index, result) -> ended(left.get(index), leftPlaces.get(index), result, ended));
    } finally {
      left.forEach(this::end);
    }
    left.forEach(this::checkSuspended);
  }

  private void ended(Execution making, int index, Supplier<Observation> result, Ended ended) {
    Supplier<Observation> told;
    try {
      Observation observation = result.get();
      end(making);
      told = () -> outcome(making, observation);
    } catch (RunStoppedException | EditedCallException e) {
      end(making);
      told =
          () -> {
            throw e;
          };
    }
    if (!making.suspended) {
      ended.ended(index, told);
    }
  }

  private void goLive(Execution making) {
    if (isLogged(making.context)) {
      throw elsewhere(making);
    }
    asking = making.context;
  }

  private Journal.Failure elsewhere(Execution making) {
    return entries.diverged(
        "the log has " + entries.kind() + ", the loop asks for the call " + redacted(making.call));
  }

  /** What there is instead of making a call that was cut off; empty if it can be made. */
  private Optional<Observation> instead(Execution making) {
    String tool = making.call.name();
    boolean lost = SealedCalls.isLost(making.exact());
    if (lost ? making.intended : making.mayHaveRun()) {
      LOG.warn("run {}: {} may have run, its outcome is unknown", making.context.runId(), tool);
      Observation unknown =
          Observation.error(Observation.Status.UNKNOWN, ModelMessages.outcomeUnknown(tool));
      return Optional.of(noted(making, outcome(making, unknown)));
    }
    if (lost) {
      LOG.warn(
          "run {}: {} cannot be made, its arguments were not kept", making.context.runId(), tool);
      return Optional.of(
          outcome(
              making,
              Observation.error(Observation.Status.REFUSED, ModelMessages.argumentsLost(tool))));
    }
    return Optional.empty();
  }

  private Observation noted(Execution making, Observation observation) {
    if (SealedCalls.isLost(making.call)
        && making.effect == Effect.EFFECTFUL
        && observation.status().ran()) {
      seals.made(making.call);
    }
    return observation;
  }

  /**
   * What the log has of a call, up to its outcome or as far as it goes.
   *
   * @throws EditedCallException if it was approved with other arguments
   */
  private Execution remembered(ToolCall call, NodeContext context) {
    Execution making = new Execution(call, context, effect(call.name()));
    if (replaying && several) {
      entries.bring(context.call());
    }
    while (making.logged == null
        && replaying
        && findAnswer(context)
        && entries.isOf(context.call())) {
      remember(making);
    }
    return making;
  }

  private void remember(Execution making) {
    NodeContext context = making.context;
    switch (entries.kind()) {
      case INTENT -> {
        making.intended = true;
        checkIntent(making.call, making.asked, take());
      }
      case ASKED -> {
        making.intended = false;
        making.decided = null;
        making.asked = JournalValues.call(take());
      }
      case SUSPENDED -> Booked.restore(take(), context);
      case DECIDED -> decided(making, context);
      case OUTCOME, OBSERVED -> {
        JournalData data = take();
        Booked.restore(data, context);
        making.logged = noted(making, JournalValues.observation(data));
      }
      default -> throw elsewhere(making);
    }
  }

  /** The call as it was written, or as it was approved after it was checked. */
  private void checkIntent(ToolCall call, @Nullable ToolCall asked, JournalData intent) {
    ToolCall written = JournalValues.call(intent);
    if (!written.equals(call) && !written.equals(asked)) {
      throw entries.divergedBefore(
          "the log has the call " + redacted(written) + ", the loop asks for " + redacted(call));
    }
  }

  /** Of the log's newest decision the listeners are told when the toolbox asks for it. */
  private void decided(Execution making, NodeContext context) {
    boolean newest = !entries.goesOnWith(context.call());
    Approver.Answer answer = JournalValues.answer(take());
    making.decided = answer;
    ToolCall asked = making.asked;
    if (asked != null && (!newest || answer.verdict() == Approver.Verdict.EDITED)) {
      context.decided(asked, answer);
    }
  }

  private synchronized void begin(Execution making) {
    intend(making, making.exact());
    executing.put(making.context, making);
  }

  /** From here on its tool may ask for nothing. */
  private synchronized void end(Execution making) {
    executing.remove(making.context);
  }

  private void intend(Execution making, ToolCall call) {
    if (!making.intended && making.effect != Effect.READ_ONLY) {
      append(Kind.INTENT, making.members(call));
    }
    making.intended = true;
  }

  /**
   * @throws RunStoppedException if the call waits for a decision; that is the run's newest entry
   *     then
   */
  private void checkSuspended(Execution making) {
    ToolCall asked = making.asked;
    if (making.suspended && asked != null) {
      appendBooked(Kind.SUSPENDED, making.members(asked), making.context);
      throw suspended(asked);
    }
  }

  private Observation outcome(Execution making, Observation observation) {
    Observation bounded = new Observation(observation.status(), bounded(observation.text()));
    Kind kind = making.effect == Effect.READ_ONLY ? Kind.OBSERVED : Kind.OUTCOME;
    return JournalValues.observation(
        appendBooked(kind, making.members(JournalValues.observation(bounded)), making.context));
  }

  private static String bounded(String text) {
    if (text.length() <= LONGEST_RESULT) {
      return text;
    }
    boolean half = Character.isHighSurrogate(text.charAt(LONGEST_RESULT - 1));
    int most = half ? LONGEST_RESULT - 1 : LONGEST_RESULT;
    return text.substring(0, most) + ModelMessages.resultCut(text.length(), most);
  }

  @Override
  public Approver.Answer approve(ToolCall call, NodeContext context) {
    Execution making;
    Approver.Answer known;
    synchronized (this) {
      making = executing.get(context);
      if (making == null) {
        return Approver.Answer.no(ModelMessages.approvalTooLate());
      }
      known = call.equals(making.asked) ? making.decided : null;
      making.decided = null;
      if (known == null) {
        making.intended = false;
        making.asked = call;
        append(Kind.ASKED, making.members(call));
      }
    }
    Approver.Answer answer = known == null ? decide(call) : known;
    return decided(making, call, answer, known == null);
  }

  /** Unlike the question, not while the run is kept from writing of its other calls. */
  private synchronized Approver.Answer decided(
      Execution making, ToolCall call, Approver.Answer answer, boolean fresh) {
    if (executing.get(making.context) != making) {
      return Approver.Answer.no(ModelMessages.approvalTooLate());
    }
    if (answer.verdict() == Approver.Verdict.PENDING) {
      making.suspended = true;
      throw suspended(call);
    }
    if (fresh) {
      append(Kind.DECIDED, making.members(JournalValues.answer(call.name(), answer)));
    }
    if (answer.approved()) {
      intend(making, call);
    }
    return answer;
  }

  private Approver.Answer decide(ToolCall call) {
    Approver.Answer answer = live.decide(call);
    if (answer.verdict() == Approver.Verdict.PENDING && !canWait(call)) {
      LOG.warn(
          "{} cannot wait for its approval, its arguments are redacted: give the agent a"
              + " journalKey to keep them with",
          call.name());
      return Approver.Answer.no(ModelMessages.cannotWaitRedacted());
    }
    return answer;
  }

  /** Whether what would be approved later can be made then. */
  private boolean canWait(ToolCall call) {
    return seals.outlivesProcess() || redacted(call).equals(call);
  }

  private RunStoppedException suspended(ToolCall call) {
    return new RunStoppedException(
        StopReason.SUSPENDED, "waits for a decision on " + redacted(call));
  }

  /**
   * Writes how the run ended. What cannot be written shows again when the run is resumed, and
   * should not take the result from the user.
   *
   * @throws Journal.Failure if the log goes on where the loop has ended
   */
  void end(AgentResult result) {
    if (replaying) {
      endReplay(result);
    }
    if (log == null || entries.isFinished() || !begun) {
      return;
    }
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("reason", result.stopReason().name());
    members.put("detail", result.detail());
    try {
      if (!result.stopReason().isResumable()) {
        appendBooked(Kind.FINISHED, members, asking);
      } else if (!replaying && result.stopReason() != StopReason.SUSPENDED) {
        appendBooked(Kind.PAUSED, members, asking);
      }
    } catch (Journal.Failure e) {
      LOG.warn("{}", e.getMessage(), e);
    }
  }

  private void endReplay(AgentResult result) {
    while (entries.hasNext() && entries.kind() != Kind.FINISHED) {
      Kind kind = entries.kind();
      if (kind == Kind.RESUMED || kind == Kind.PAUSED) {
        take();
      } else if (result.stopReason().isResumable()) {
        return;
      } else {
        throw entries.diverged(
            String.format(
                "the log has %s, the loop ends with %s (%s) under another budget than %s",
                kind, result.stopReason(), result.detail(), entries.start().budget()));
      }
    }
    if (entries.hasNext()) {
      StopReason written = take().constant(StopReason.class, "reason");
      if (written != result.stopReason()) {
        throw entries.divergedBefore(
            "the log ends with " + written + ", the loop with " + result.stopReason());
      }
    }
  }

  private JournalData appendBooked(
      Kind kind, Map<String, @Nullable Object> members, @Nullable NodeContext context) {
    if (context != null) {
      context.booked().moveTo(members);
    }
    return append(kind, members);
  }

  private JournalData append(Kind kind, Map<String, @Nullable Object> members) {
    members.put("at", elapsed().toNanos());
    boolean sealing = agent.tools.redacts();
    Map<String, @Nullable Object> written = sealing ? seals.sealed(members) : members;
    JournalData data =
        JournalData.read(kind.name(), append(kind, JournalData.write(written)).data());
    return sealing ? seals.opened(data) : data;
  }

  private synchronized Entry append(Kind kind, String data) {
    Journal.Log open = Objects.requireNonNull(log, "a log that is only read");
    uninterrupted(() -> open.append(kind, data));
    begun = true;
    return new Entry(kind, Instant.EPOCH, data);
  }

  /** An interrupt is meant for the run; files and connections would be closed by it. */
  private static void uninterrupted(Runnable storage) {
    boolean interrupted = Thread.interrupted();
    try {
      storage.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives the lease back; one that cannot be given back ends by itself. */
  @Override
  public void close() {
    Journal.Log open = log;
    if (open != null) {
      try {
        uninterrupted(open::close);
      } catch (Journal.Failure e) {
        LOG.warn("{}", e.getMessage(), e);
      }
    }
  }
}
