package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls of a run that is written down: what the log has of them is told, then they are
 * made that it has not. Approval may be asked for on a tool's thread.
 */
final class JournalledCalls {
  private static final Logger LOG = LoggerFactory.getLogger(JournalledCalls.class);

  private final RunLog log;
  private final LiveOutside live;
  private final Function<String, Effect> effects;

  /** Whether the calls that are made may have been written down in any order. */
  private boolean several;

  /** Whose tools are at work. Guarded by the log's monitor. */
  private final Map<NodeContext, JournalledCall> working = new IdentityHashMap<>();

  /**
   * @param effects of tools by their names
   */
  JournalledCalls(RunLog log, LiveOutside live, Function<String, Effect> effects) {
    this.log = log;
    this.live = live;
    this.effects = effects;
  }

  /** What is made next. */
  void next(Caller.Turn turn) {
    several = turn instanceof Caller.Several;
  }

  private JournalledCall call(ToolCall call, NodeContext context) {
    return new JournalledCall(log, call, context, effects.apply(call.name()));
  }

  /** As {@link Outside#execute}. */
  Observation execute(ToolCall call, NodeContext context) {
    JournalledCall making = call(call, context);
    Optional<Observation> logged = making.recall(several);
    if (logged.isPresent()) {
      return logged.get();
    }
    making.goLive();
    Optional<Observation> instead = making.instead();
    if (instead.isPresent()) {
      return instead.get();
    }
    begin(making);
    Observation observation;
    try {
      observation = live.execute(making.exact(), context);
    } catch (RunStoppedException | EditedCallException e) {
      end(making);
      making.checkSuspended();
      throw e;
    } finally {
      end(making);
    }
    making.checkSuspended();
    return making.outcome(observation);
  }

  /** As {@link Outside#executeAll}. A log that goes on has the outcomes of all calls. */
  void executeAll(List<Outside.Wanted> calls, Outside.Ended ended) {
    List<JournalledCall> unknown = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      JournalledCall making = call(calls.get(i).call(), calls.get(i).context());
      Optional<Observation> logged;
      try {
        logged = making.recall(several);
      } catch (EditedCallException e) {
        ended.ended(
            i,
            () -> {
              throw e;
            });
        continue;
      }
      if (logged.isPresent()) {
        ended.ended(i, logged::get);
      } else {
        unknown.add(making);
        places.add(i);
      }
    }
    if (!unknown.isEmpty()) {
      unknown.get(0).goLive();
      makeAll(unknown, places, ended);
    }
  }

  /**
   * @param places of the calls among those of which it is told
   */
  private void makeAll(List<JournalledCall> calls, List<Integer> places, Outside.Ended ended) {
    List<JournalledCall> left = new ArrayList<>();
    List<Integer> leftPlaces = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Optional<Observation> instead = calls.get(i).instead();
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
          left.stream()
              .map(making -> new Outside.Wanted(making.exact(), making.context()))
              .toList(),
          (index, result) -> ended(left.get(index), leftPlaces.get(index), result, ended));
    } finally {
      left.forEach(this::end);
    }
    left.forEach(JournalledCall::checkSuspended);
  }

  private void ended(
      JournalledCall making, int index, Supplier<Observation> result, Outside.Ended ended) {
    Supplier<Observation> told;
    try {
      Observation observation = result.get();
      end(making);
      told = () -> making.outcome(observation);
    } catch (RunStoppedException | EditedCallException e) {
      end(making);
      told =
          () -> {
            throw e;
          };
    }
    if (!making.isSuspended()) {
      ended.ended(index, told);
    }
  }

  private void begin(JournalledCall making) {
    synchronized (log) {
      making.intend();
      working.put(making.context(), making);
    }
  }

  /** From here on its tool may ask for nothing. */
  private void end(JournalledCall making) {
    synchronized (log) {
      working.remove(making.context());
    }
  }

  /** As {@link Outside#approve}. The run writes of its other calls while somebody is asked. */
  Approver.Answer approve(ToolCall call, NodeContext context) {
    JournalledCall making;
    Optional<Approver.Answer> known;
    synchronized (log) {
      making = working.get(context);
      if (making == null) {
        return Approver.Answer.no(ModelMessages.approvalTooLate());
      }
      known = making.ask(call);
    }
    Approver.Answer answer = known.orElseGet(() -> decide(call));
    synchronized (log) {
      if (working.get(context) != making) {
        return Approver.Answer.no(ModelMessages.approvalTooLate());
      }
      making.answered(call, answer, known.isEmpty());
      return answer;
    }
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
    return log.seals().outlivesProcess() || log.seals().redacted(call).equals(call);
  }
}
