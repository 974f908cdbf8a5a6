package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;

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
        specification,
        schema,
        new ArgumentCheck(schema),
        new ArgumentRedaction(policy.redactedArguments(), schema),
        policy,
        code);
  }

  String name() {
    return specification.name();
  }
}
