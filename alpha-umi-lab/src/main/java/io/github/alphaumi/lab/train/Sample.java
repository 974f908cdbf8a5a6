package io.github.alphaumi.lab.train;

import io.github.alphaumi.core.Prompt;
import java.util.List;

/**
 * One step of one role: the prompt that a run gives the model, and what it has to write. Immutable.
 *
 * @param prompt as a run builds it
 * @param parts what follows, without the end of the turn: one part for a role's own turn
 * @param joined whether it is the turn of a single model that plays all roles at once (the paper's
 *     backbone): rationale and call, or rationale and answer
 * @param forBackbone of tasks that are not reused, whether this one is for the backbone
 * @param firstPlan whether it is the planner's turn that a task begins with
 */
public record Sample(
    Prompt prompt, List<Part> parts, boolean joined, boolean forBackbone, boolean firstPlan) {

  /**
   * Text that a role answers for.
   *
   * @param role {@code planner}, {@code caller} or {@code summarizer}
   * @param decisive characters from its beginning that decide what happens: of a plan up to the end
   *     of the tool's name or of the decision, of a call up to the end of the tool's name, of an
   *     answer all
   */
  public record Part(String role, String text, int decisive) {}

  public Sample {
    parts = List.copyOf(parts);
  }

  /** What has to be written, as one text. */
  public String target() {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.text()));
    return text.toString();
  }
}
