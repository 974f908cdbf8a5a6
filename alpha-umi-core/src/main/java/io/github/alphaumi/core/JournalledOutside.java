package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Journal.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The world as a log remembers it: questions are answered from the log until it ends, then from the
 * world, and what it answers is written down before the loop goes on with it. The loop goes on with
 * what was written, not with what was said, so that it cannot tell the two apart.
 *
 * <p>Answers of a log are given on the run's thread; approval may be asked for on a tool's.
 */
final class JournalledOutside implements Outside {
  private final Agent agent;
  private final TrajectoryNode start;
  private final LiveOutside live;
  private final RunLog log;
  private final JournalledCalls calls;

  JournalledOutside(Agent agent, TrajectoryNode start, LiveOutside live, RunLog log) {
    this.agent = agent;
    this.start = start;
    this.live = live;
    this.log = log;
    calls = new JournalledCalls(log, live, this::effect);
  }

  /** What is asked, and what it is asked about. */
  private record Question(Kind kind, NodeContext context, String history) {}

  @Override
  public Duration elapsed() {
    return log.elapsed();
  }

  @Override
  public List<ToolSpecification> tools(NodeContext context) {
    if (log.isReadOnly()) {
      return log.entries().start().tools().entrySet().stream()
          .map(
              tool ->
                  tool.getValue()
                      .specification()
                      .orElseGet(() -> ToolSpecification.builder().name(tool.getKey()).build()))
          .toList();
    }
    List<ToolSpecification> tools = live.tools(context);
    JournalStart now = JournalStart.of(agent, start, tools, live::effect);
    if (log.isReplaying()) {
      log.entries().start().check(log.entries().runId(), now);
    } else {
      log.write(Kind.STARTED, now.members());
    }
    return tools;
  }

  /** Not written down: it follows from what is. */
  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, NodeContext context) {
    return log.isReadOnly() ? offered : live.shown(offered, path, context);
  }

  @Override
  public Effect effect(String tool) {
    return log.isReadOnly() ? log.entries().start().effect(tool) : live.effect(tool);
  }

  /** As it was when it was written: what is redacted may have been changed since. */
  @Override
  public ToolCall redacted(ToolCall call) {
    return log.seals().redacted(call);
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
    calls.next(turn);
    return turn;
  }

  /** Nobody can say what in a text that is no call may be read. */
  private Caller.Turn readable(Caller.Turn turn) {
    if (turn instanceof Caller.Several several) {
      return new Caller.Several(several.calls().stream().map(this::readable).toList());
    }
    if (turn instanceof ToolCall call && effect(call.name()) == Effect.EFFECTFUL) {
      return log.seals().orMadeBefore(call);
    }
    return turn instanceof Caller.Unreadable bad && agent.tools.redacts()
        ? new Caller.Unreadable(ModelMessages.REDACTED, bad.problem())
        : turn;
  }

  @Override
  public Observation execute(ToolCall call, NodeContext context) {
    return calls.execute(call, context);
  }

  @Override
  public void executeAll(List<Wanted> wanted, Ended ended) {
    calls.executeAll(wanted, ended);
  }

  @Override
  public Approver.Answer approve(ToolCall call, NodeContext context) {
    return calls.approve(call, context);
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
    if (log.hasAnswer(context)) {
      JournalData data = logged(question);
      Booked.restore(data, context);
      return reading.apply(data);
    }
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("node", context.node());
    members.put("history", question.history);
    members.putAll(world.get());
    return reading.apply(log.write(question.kind, members, context));
  }

  /** The log's next answer, which has to be one to this question. */
  private JournalData logged(Question question) {
    JournalReader entries = log.entries();
    if (entries.kind() != question.kind) {
      throw entries.diverged(
          String.format(
              "the log has %s, the loop asks for %s of node %d",
              entries.kind(), question.kind, question.context.node()));
    }
    JournalData data = log.take();
    check(question, "node", Long.toString(data.number("node")), "" + question.context.node());
    check(question, "history", data.text("history"), question.history);
    return data;
  }

  private void check(Question question, String what, String written, String asked) {
    if (!written.equals(asked)) {
      throw log.entries()
          .divergedBefore(
              String.format(
                  "the log has %s with %s %s, the loop asks for it with %s %s",
                  question.kind, what, written, what, asked));
    }
  }
}
