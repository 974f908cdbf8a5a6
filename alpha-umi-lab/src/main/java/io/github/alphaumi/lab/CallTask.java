package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query whose first call is known.
 *
 * @param tools the tools on offer, the right one among them
 * @param name the right tool
 * @param arguments the right arguments; null where the data's cannot be read, so that only the name
 *     can be judged
 */
record CallTask(
    String key,
    String query,
    List<ToolSpecification> tools,
    String name,
    @Nullable Map<String, @Nullable Object> arguments) {}
