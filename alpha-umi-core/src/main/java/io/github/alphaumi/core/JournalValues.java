package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Conversation.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How what a run asks for and is told becomes members of an entry, and is read back. */
final class JournalValues {
  private JournalValues() {}

  static Map<String, @Nullable Object> decision(Decision decision) {
    Map<String, @Nullable Object> members = JournalData.members();
    String next =
        decision instanceof Decision.Call
            ? "call"
            : decision instanceof Decision.Conclude ? "conclude" : "give up";
    members.put("next", next);
    members.put("rationale", decision.rationale());
    return members;
  }

  static Decision decision(JournalData data) {
    String rationale = data.text("rationale");
    return switch (data.text("next")) {
      case "call" -> new Decision.Call(rationale);
      case "conclude" -> new Decision.Conclude(rationale);
      default -> new Decision.GiveUp(rationale);
    };
  }

  static Map<String, @Nullable Object> turn(Caller.Turn turn) {
    if (turn instanceof ToolCall call) {
      return call(call);
    }
    if (turn instanceof Caller.Several several) {
      return JournalData.member(
          "calls", several.calls().stream().map(JournalValues::turn).toList());
    }
    Caller.Unreadable unreadable = (Caller.Unreadable) turn;
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("text", unreadable.text());
    members.put("problem", unreadable.problem());
    return members;
  }

  static Caller.Turn turn(JournalData data) {
    if (data.has("calls")) {
      return new Caller.Several(data.objects("calls").stream().map(JournalValues::turn).toList());
    }
    return data.has("tool")
        ? call(data)
        : new Caller.Unreadable(data.text("text"), data.text("problem"));
  }

  static Map<String, @Nullable Object> call(ToolCall call) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("tool", call.name());
    members.put("arguments", call.arguments());
    return members;
  }

  static ToolCall call(JournalData data) {
    return new ToolCall(data.text("tool"), JsonValues.copyOf(data.map("arguments")));
  }

  static Map<String, @Nullable Object> observation(Observation observation) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("status", observation.status().name());
    members.put("text", observation.text());
    return members;
  }

  static Observation observation(JournalData data) {
    return new Observation(data.constant(Observation.Status.class, "status"), data.text("text"));
  }

  /**
   * @param tool whose call was decided on: what of other arguments may be read depends on it
   */
  static Map<String, @Nullable Object> answer(String tool, Approver.Answer answer) {
    Map<String, @Nullable Object> members = JournalData.members();
    if (answer.verdict() == Approver.Verdict.EDITED) {
      members.put("tool", tool);
    }
    members.put("verdict", answer.verdict().name());
    members.put("reason", answer.reason());
    members.put("arguments", answer.arguments());
    return members;
  }

  static Approver.Answer answer(JournalData data) {
    return new Approver.Answer(
        data.constant(Approver.Verdict.class, "verdict"),
        data.text("reason"),
        JsonValues.copyOf(data.map("arguments")));
  }

  static List<Map<String, @Nullable Object>> conversation(Conversation conversation) {
    return conversation.exchanges().stream().map(JournalValues::exchange).toList();
  }

  private static Map<String, @Nullable Object> exchange(Exchange exchange) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("task", exchange.task());
    members.put("steps", exchange.steps().stream().map(JournalValues::step).toList());
    members.put("answer", exchange.answer());
    return members;
  }

  static Conversation conversation(JournalData data) {
    return new Conversation(
        data.objects("conversation").stream()
            .map(
                exchange ->
                    new Exchange(
                        exchange.text("task"),
                        exchange.objects("steps").stream().map(JournalValues::step).toList(),
                        exchange.text("answer")))
            .toList());
  }

  private static Map<String, @Nullable Object> step(Step step) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("rationale", step.plan().rationale());
    if (step.outcomes().size() == 1) {
      members.putAll(outcome(step.outcomes().get(0)));
    } else {
      members.put("outcomes", step.outcomes().stream().map(JournalValues::outcome).toList());
    }
    return members;
  }

  private static Map<String, @Nullable Object> outcome(Step.Outcome outcome) {
    Map<String, @Nullable Object> members = JournalData.members();
    outcome.call().ifPresent(call -> members.put("call", call(call)));
    members.put("observation", observation(outcome.observation()));
    return members;
  }

  private static Step step(JournalData data) {
    Decision.Call plan = new Decision.Call(data.text("rationale"));
    return Step.of(
        plan,
        data.has("outcomes")
            ? data.objects("outcomes").stream().map(JournalValues::outcome).toList()
            : List.of(outcome(data)));
  }

  private static Step.Outcome outcome(JournalData data) {
    return new Step.Outcome(
        data.has("call") ? Optional.of(call(data.object("call"))) : Optional.empty(),
        observation(data.object("observation")));
  }

  static ToolSpecification specification(JournalData data) {
    return ToolSpecification.fromJson(JournalData.write(JsonValues.copyOf(data.all())));
  }

  static Map<String, @Nullable Object> use(Role role, ModelUse use) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("role", role.name());
    members.put("input", use.inputTokens());
    members.put("cached", use.cachedTokens());
    members.put("output", use.outputTokens());
    members.put("prefillNanos", use.prefill().toNanos());
    members.put("decodeNanos", use.decode().toNanos());
    return members;
  }

  static ModelUse use(JournalData data) {
    return new ModelUse(
        (int) data.number("input"),
        (int) data.number("cached"),
        (int) data.number("output"),
        Duration.ofNanos(data.number("prefillNanos")),
        Duration.ofNanos(data.number("decodeNanos")));
  }

  /** What an agent that was asked has cost. */
  static Map<String, @Nullable Object> usage(AgentResult.Usage usage) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("modelCalls", usage.modelCalls());
    members.put("toolCalls", usage.toolCalls());
    members.put("input", usage.inputTokens());
    members.put("cached", usage.cachedTokens());
    members.put("output", usage.outputTokens());
    members.put("repairs", usage.repairs());
    members.put("cost", Double.toString(usage.cost()));
    return members;
  }

  static AgentResult.Usage usage(JournalData data) {
    return new AgentResult.Usage(
        (int) data.number("modelCalls"),
        (int) data.number("toolCalls"),
        data.number("input"),
        data.number("cached"),
        data.number("output"),
        (int) data.number("repairs"),
        Double.parseDouble(data.text("cost")),
        Duration.ZERO);
  }
}
