package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Toolbox;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One tool: what models see, what calls are checked against, how it may be used and what it runs.
 * Immutable.
 *
 * @param specification what the model is shown
 * @param schema what arguments are checked against
 * @param policy how it may be used
 */
record CheckedTool(
    ToolSpecification specification,
    ObjectNode schema,
    ArgumentCheck check,
    ArgumentRedaction redaction,
    ToolPolicy policy,
    ToolCode code) {

  CheckedTool(
      ToolSpecification specification, ObjectNode schema, ToolPolicy policy, ToolCode code) {
    this(
        withShare(specification, policy),
        schema,
        new ArgumentCheck(schema),
        new ArgumentRedaction(policy.redactedArguments(), schema),
        policy,
        code);
  }

  /** The toolbox does not know the windows of the models; who writes their prompts does. */
  private static ToolSpecification withShare(ToolSpecification specification, ToolPolicy policy) {
    if (policy.maxResultShare().isEmpty()) {
      return specification;
    }
    Map<String, Object> metadata = new LinkedHashMap<>(specification.metadata());
    metadata.put(Toolbox.MAX_RESULT_SHARE, policy.maxResultShare().getAsDouble());
    return specification.toBuilder().metadata(metadata).build();
  }

  String name() {
    return specification.name();
  }
}
