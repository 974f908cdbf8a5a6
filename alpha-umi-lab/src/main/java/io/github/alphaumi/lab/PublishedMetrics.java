package io.github.alphaumi.lab;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The published metrics with the published peculiarities: a call of another tool counts against
 * both the easy and the hard argument figure, invented tools are counted over all steps, and means
 * are 1e-30 too large. Where the published code would end with an exception the sample counts 0.
 */
final class PublishedMetrics {
  private static final double EPSILON = 1e-30;

  private final Mean rouge = new Mean();
  private final Mean plan = new Mean();
  private final Mean action = new Mean();
  private final Mean easy = new Mean();
  private final Mean hard = new Mean();
  private final Mean arguments = new Mean();
  private final Mean invented = new Mean();

  /** A mean that grows. */
  private static final class Mean {
    private double sum;
    private long count;

    void add(double value) {
      sum += value;
      count++;
    }

    double orZero() {
      return count == 0 ? 0 : sum / count;
    }
  }

  void add(Prediction sample) {
    PublishedStep reference = sample.form().published(sample.reference());
    PublishedStep predicted = sample.form().published(sample.predicted());
    plan.add(reference.plan().equals(predicted.plan()) ? 1 : 0);
    invented.add(sample.invented() == null ? 0 : 1);
    if (reference.plan().equals(PublishedStep.CALL)) {
      call(reference, predicted);
    } else if (reference.plan().equals(PublishedStep.FINISH)) {
      answer(reference, predicted);
    }
  }

  private void call(PublishedStep reference, PublishedStep predicted) {
    boolean same =
        Objects.equals(
            reference.action(), Objects.requireNonNullElse(predicted.action(), PublishedStep.NONE));
    action.add(same ? 1 : 0);
    if (!same) {
      easy.add(0);
      hard.add(0);
      arguments.add(0);
      return;
    }
    Optional<PythonValue> expected =
        PythonValue.parse(Objects.requireNonNullElse(reference.arguments(), "{}"));
    if (expected.isEmpty()) {
      return;
    }
    Map<?, ?> object = expected.get().value() instanceof Map<?, ?> map ? map : null;
    double score =
        object == null
            ? 0
            : ArgumentScore.of(object, Objects.requireNonNullElse(predicted.arguments(), "{}"));
    (object != null && object.isEmpty() ? easy : hard).add(score);
    arguments.add(score);
  }

  private void answer(PublishedStep reference, PublishedStep predicted) {
    OptionalDouble f =
        PublishedRouge.f(
            Objects.requireNonNullElse(predicted.answer(), PublishedStep.NONE),
            Objects.requireNonNullElse(reference.answer(), PublishedStep.NONE));
    rouge.add(f.orElse(0));
  }

  /** Keys as published. */
  Map<String, Object> result() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("rouge", rouge.orZero());
    result.put("plan_em", plan.orZero());
    result.put("action_em", action.orZero());
    result.put("easy_f1", easy.orZero() + EPSILON);
    result.put("hard_f1", hard.orZero() + EPSILON);
    result.put("f1", arguments.orZero() + EPSILON);
    result.put("hallu_rate", invented.orZero());
    return result;
  }
}
