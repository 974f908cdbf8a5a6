/**
 * What an agent is: three roles, a step loop, a trajectory, a budget and events.
 *
 * <p>The roles and the loop follow "Small LLMs Are Weak Tool Learners: A Multi-LLM Agent" (arXiv
 * 2401.07324): a planner decides, a caller writes one call, a summarizer answers. Nothing here
 * knows an inference engine or an annotation: models come in as langchain4j chat models or as
 * {@link io.github.alphaumi.core.TextModel}, tools as a {@link io.github.alphaumi.core.Toolbox}.
 */
@NullMarked
package io.github.alphaumi.core;

import org.jspecify.annotations.NullMarked;
