package io.github.alphaumi.core;

import com.google.common.hash.Hashing;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Short words for what a run depends on, so that a journal can tell when it has changed. */
final class Fingerprints {
  private Fingerprints() {}

  static String of(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString().substring(0, 16);
  }

  /** Of what a model reads, not of how this version of langchain4j prints it. */
  static String tool(ToolSpecification tool) {
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("description", tool.description());
    members.put(
        "parameters",
        tool.parameters() == null ? null : JsonSchemaElementUtils.toMap(tool.parameters()));
    return of(JournalData.write(members));
  }

  /**
   * What a role, a judge or a search calls itself, else its class: the numbers that tell objects
   * and lambdas of one class apart differ from process to process.
   */
  static String named(Object object) {
    String own = object.getClass().getName();
    String name = object.toString();
    return name.startsWith(own + "@") || own.contains("$$Lambda")
        ? own.replaceFirst("\\$\\$Lambda.*", " (lambda)")
        : name;
  }

  /**
   * What is new about a trajectory since the question before: whatever is older was compared then.
   */
  static String history(Trajectory trajectory) {
    List<Step> steps = trajectory.steps();
    StringBuilder text = new StringBuilder(Integer.toString(steps.size()));
    trajectory.last().ifPresent(step -> text.append(' ').append(step));
    trajectory.tried(steps.size()).forEach(attempt -> text.append(' ').append(told(attempt)));
    return of(text.toString());
  }

  /** In words of its own: logs last longer than the way in which records print themselves. */
  private static String told(Trajectory.Attempt attempt) {
    if (attempt.outcomes().size() > 1) {
      return "Attempt[decision=" + attempt.decision() + ", outcomes=" + attempt.outcomes() + "]";
    }
    Optional<Step.Outcome> outcome = attempt.outcomes().stream().findFirst();
    return "Attempt[decision="
        + attempt.decision()
        + ", call="
        + outcome.flatMap(Step.Outcome::call)
        + ", observation="
        + outcome.map(Step.Outcome::observation)
        + "]";
  }
}
