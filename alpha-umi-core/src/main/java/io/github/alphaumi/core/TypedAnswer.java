package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Optional;

/** Any summarizer, asked for an answer of one type. */
final class TypedAnswer implements Summarizer {
  private final Summarizer summarizer;
  private final AnswerType<?> type;

  TypedAnswer(Summarizer summarizer, AnswerType<?> type) {
    this.summarizer = summarizer;
    this.type = type;
  }

  @Override
  public String toString() {
    return Fingerprints.named(summarizer) + " as " + type;
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context) {
    if (summarizer instanceof TypedSummarizer typed) {
      return typed.summarize(trajectory, plan, tools, type, context);
    }
    String answer = summarizer.summarize(trajectory, plan, tools, context);
    AnswerType.Reading<?> reading = type.read(answer);
    if (reading.value().isPresent()) {
      return answer;
    }
    context.repaired(Role.SUMMARIZER, "asked again for an answer after: " + answer);
    String told = ModelMessages.answerAgain(reading.problem(), type.example());
    return summarizer.summarize(
        trajectory, new Decision.Conclude((plan.rationale() + " " + told).strip()), tools, context);
  }

  /** What came of a run with this summarizer. */
  static <T> AgentResult.Typed<T> read(AgentResult result, AnswerType<T> type) {
    if (result.stopReason() != StopReason.ANSWERED) {
      return new AgentResult.Typed<>(
          result,
          Optional.empty(),
          "the run ended with " + result.stopReason() + ": " + result.detail());
    }
    AnswerType.Reading<T> reading = type.read(result.answer().orElse(""));
    return new AgentResult.Typed<>(result, reading.value(), reading.problem());
  }
}
