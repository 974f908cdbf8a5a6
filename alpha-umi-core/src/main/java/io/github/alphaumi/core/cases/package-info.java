/**
 * Regression cases for agents: one JSON file of tasks with scripted tools and expectations, which
 * any agent can be judged by, in a build ({@link io.github.alphaumi.core.cases.CaseTests}) or by
 * {@code umi evaluate tasks}.
 */
@NullMarked
package io.github.alphaumi.core.cases;

import org.jspecify.annotations.NullMarked;
