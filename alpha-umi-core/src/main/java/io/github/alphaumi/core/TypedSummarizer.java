package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;

/** A summarizer that can be told the form of the answer. */
interface TypedSummarizer extends Summarizer {

  /** As {@link #summarize}, with an answer that is JSON of this type if it can be had. */
  String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      AnswerType<?> type,
      RunContext context);
}
