package io.github.alphaumi.core.telemetry;

/**
 * Names of observations, attributes and meters. Those that begin with {@code gen_ai} or {@code
 * error} are OpenTelemetry's (semantic conventions for generative AI, status "development"); ours
 * begin with {@code alpha_umi}.
 */
final class Names {
  // Observations are called as the histograms of their durations; spans have names of their own.
  static final String INVOKE_AGENT = "gen_ai.invoke_agent.duration";
  static final String PLAN = "alpha_umi.plan.duration";
  static final String CHAT = "gen_ai.client.operation.duration";
  static final String EXECUTE_TOOL = "gen_ai.execute_tool.duration";

  static final String OPERATION = "gen_ai.operation.name";
  static final String AGENT = "gen_ai.agent.name";
  static final String PROVIDER = "gen_ai.provider.name";
  static final String MODEL = "gen_ai.request.model";
  static final String TOOL = "gen_ai.tool.name";
  static final String TOOL_CALL_ID = "gen_ai.tool.call.id";
  static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
  static final String CACHED_TOKENS = "gen_ai.usage.cache_read.input_tokens";
  static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  static final String FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
  static final String ERROR_TYPE = "error.type";

  static final String INPUT_MESSAGES = "gen_ai.input.messages";
  static final String OUTPUT_MESSAGES = "gen_ai.output.messages";
  static final String TOOL_ARGUMENTS = "gen_ai.tool.call.arguments";
  static final String TOOL_RESULT = "gen_ai.tool.call.result";

  static final String RUN = "alpha_umi.run.id";
  static final String ROLE = "alpha_umi.role";
  static final String NODE = "alpha_umi.node.id";
  static final String PARENT = "alpha_umi.node.parent";
  static final String DEPTH = "alpha_umi.node.depth";
  static final String STEP = "alpha_umi.step";
  static final String DECISION = "alpha_umi.decision";
  static final String STATUS = "alpha_umi.tool.status";
  static final String STOP_REASON = "alpha_umi.stop_reason";
  static final String REPAIRS = "alpha_umi.repairs";
  static final String REPAIRED_CALLS = "alpha_umi.repaired_calls";
  static final String BACKTRACKS = "alpha_umi.backtracks";
  static final String NODES = "alpha_umi.nodes";
  static final String MODEL_CALLS = "alpha_umi.model_calls";
  static final String TOOL_CALLS = "alpha_umi.tool_calls";
  static final String COST = "alpha_umi.cost";

  /** A value of few possible ones that is not known, or not to be counted by. */
  static final String OTHER = "_OTHER";

  static final String TOKEN_USAGE = "gen_ai.client.token.usage";
  static final String TOKEN_TYPE = "gen_ai.token.type";
  static final String TIME_TO_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
  static final String INFERENCE_CALLS = "gen_ai.invoke_agent.inference_calls";
  static final String AGENT_TOOL_CALLS = "gen_ai.invoke_agent.tool_calls";

  private Names() {}
}
