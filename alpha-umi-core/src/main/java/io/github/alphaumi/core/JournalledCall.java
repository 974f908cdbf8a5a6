package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Kind;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call as the log has it, and as it is written while it is made.
 *
 * <p>A tool with an effect is the one thing that must not be asked twice. An intent is written when
 * it may start, the outcome when it has ended; a question for approval takes the intent back until
 * it is answered. So a log that ends in an intent is one whose tool may have run:
 *
 * <pre>
 * call = [intent] { asked {suspended} decided [intent] } (outcome | observed)
 * </pre>
 *
 * <p>While its tool is at work, what is known of it is guarded by the log's monitor.
 */
final class JournalledCall {
  private static final Logger LOG = LoggerFactory.getLogger(JournalledCall.class);

  /** Characters of a tool's result that are kept; an escape in JSON can take six each. */
  private static final int LONGEST_RESULT = Journal.MAX_DATA / 8;

  private final RunLog log;
  private final ToolCall call;
  private final NodeContext context;
  private final Effect effect;

  /** Whether the newest entry says that the tool may start. */
  private boolean intended;

  private @Nullable ToolCall asked;
  private Approver.@Nullable Answer decided;
  private boolean suspended;

  JournalledCall(RunLog log, ToolCall call, NodeContext context, Effect effect) {
    this.log = log;
    this.call = call;
    this.context = context;
    this.effect = effect;
  }

  NodeContext context() {
    return context;
  }

  /** What somebody was asked about is what runs, also where the caller's words were others. */
  ToolCall exact() {
    return asked == null ? call : asked;
  }

  /** Whether it waits for a decision. */
  boolean isSuspended() {
    return suspended;
  }

  /**
   * Reads what the log has of it, up to its outcome or as far as it goes.
   *
   * @param several whether the calls of its step may have been written down in any order
   * @return its outcome, if the log has it
   * @throws EditedCallException if it was approved with other arguments
   */
  Optional<Observation> recall(boolean several) {
    if (log.isReplaying() && several) {
      log.entries().bring(context.call());
    }
    Observation outcome = null;
    while (outcome == null
        && log.isReplaying()
        && log.findAnswer(context)
        && log.entries().isOf(context.call())) {
      outcome = recallEntry();
    }
    return Optional.ofNullable(outcome);
  }

  private @Nullable Observation recallEntry() {
    switch (log.entries().kind()) {
      case INTENT -> {
        intended = true;
        checkIntent(JournalValues.call(log.take()));
      }
      case ASKED -> {
        intended = false;
        decided = null;
        asked = JournalValues.call(log.take());
      }
      case SUSPENDED -> Booked.restore(log.take(), context);
      case DECIDED -> recallDecision();
      case OUTCOME, OBSERVED -> {
        JournalData data = log.take();
        Booked.restore(data, context);
        return noted(JournalValues.observation(data));
      }
      default -> throw elsewhere();
    }
    return null;
  }

  /** The call as it was written, or as it was approved after it was checked. */
  private void checkIntent(ToolCall written) {
    if (!written.equals(call) && !written.equals(asked)) {
      throw log.entries()
          .divergedBefore(
              "the log has the call "
                  + redacted(written)
                  + ", the loop asks for "
                  + redacted(call));
    }
  }

  /** Of the log's newest decision the listeners are told when the toolbox asks for it. */
  private void recallDecision() {
    boolean newest = !log.entries().goesOnWith(context.call());
    Approver.Answer answer = JournalValues.answer(log.take());
    decided = answer;
    if (asked != null && (!newest || answer.verdict() == Approver.Verdict.EDITED)) {
      context.decided(asked, answer);
    }
  }

  /**
   * The log has to end where it has no more of this call.
   *
   * @throws Journal.Failure if it goes on with something else
   */
  void goLive() {
    if (log.hasAnswer(context)) {
      throw elsewhere();
    }
  }

  private Journal.Failure elsewhere() {
    JournalReader entries = log.entries();
    return entries.diverged(
        "the log has " + entries.kind() + ", the loop asks for the call " + redacted(call));
  }

  private ToolCall redacted(ToolCall any) {
    return log.seals().redacted(any);
  }

  /** What there is instead of making a call that was cut off; empty if it can be made. */
  Optional<Observation> instead() {
    String tool = call.name();
    boolean lost = SealedCalls.isLost(exact());
    if (lost ? intended : intended && !effect.repeatable()) {
      LOG.warn("run {}: {} may have run, its outcome is unknown", context.runId(), tool);
      return Optional.of(
          noted(
              outcome(
                  Observation.error(
                      Observation.Status.UNKNOWN, ModelMessages.outcomeUnknown(tool)))));
    }
    if (lost) {
      LOG.warn("run {}: {} cannot be made, its arguments were not kept", context.runId(), tool);
      return Optional.of(
          outcome(
              Observation.error(Observation.Status.REFUSED, ModelMessages.argumentsLost(tool))));
    }
    return Optional.empty();
  }

  private Observation noted(Observation observation) {
    if (SealedCalls.isLost(call) && effect == Effect.EFFECTFUL && observation.status().ran()) {
      log.seals().made(call);
    }
    return observation;
  }

  /** Writes that the tool may start. */
  void intend() {
    intend(exact());
  }

  private void intend(ToolCall intent) {
    if (!intended && effect != Effect.READ_ONLY) {
      log.write(Kind.INTENT, members(intent));
    }
    intended = true;
  }

  /**
   * Takes the intent back until it is known whether the tool may start with these arguments.
   *
   * @return what was decided in an earlier life of the run; empty if somebody has to be asked
   */
  Optional<Approver.Answer> ask(ToolCall question) {
    Optional<Approver.Answer> known =
        question.equals(asked) ? Optional.ofNullable(decided) : Optional.empty();
    decided = null;
    if (known.isEmpty()) {
      intended = false;
      asked = question;
      log.write(Kind.ASKED, members(question));
    }
    return known;
  }

  /**
   * Goes by an answer.
   *
   * @param fresh whether the log does not have it
   * @throws RunStoppedException if it is none yet
   */
  void answered(ToolCall question, Approver.Answer answer, boolean fresh) {
    if (answer.verdict() == Approver.Verdict.PENDING) {
      suspended = true;
      throw log.suspended(question);
    }
    if (fresh) {
      log.write(Kind.DECIDED, members(JournalValues.answer(question.name(), answer)));
    }
    if (answer.approved()) {
      intend(question);
    }
  }

  /**
   * @throws RunStoppedException if the call waits for a decision; that is the run's newest entry
   *     then
   */
  void checkSuspended() {
    if (suspended && asked != null) {
      log.write(Kind.SUSPENDED, members(asked), context);
      throw log.suspended(asked);
    }
  }

  /** Writes what came back. */
  Observation outcome(Observation observation) {
    Observation bounded = new Observation(observation.status(), bounded(observation.text()));
    Kind kind = effect == Effect.READ_ONLY ? Kind.OBSERVED : Kind.OUTCOME;
    return JournalValues.observation(
        log.write(kind, members(JournalValues.observation(bounded)), context));
  }

  private static String bounded(String text) {
    if (text.length() <= LONGEST_RESULT) {
      return text;
    }
    boolean half = Character.isHighSurrogate(text.charAt(LONGEST_RESULT - 1));
    int most = half ? LONGEST_RESULT - 1 : LONGEST_RESULT;
    return text.substring(0, most) + ModelMessages.resultCut(text.length(), most);
  }

  private Map<String, @Nullable Object> members(ToolCall any) {
    return members(JournalValues.call(any));
  }

  private Map<String, @Nullable Object> members(Map<String, @Nullable Object> members) {
    if (context.call() > 0) {
      members.put("call", context.call());
    }
    return members;
  }
}
