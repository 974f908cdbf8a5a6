package io.github.alphaumi.lab.train;

import io.github.alphaumi.lab.train.GlpftConfig.Backbone;
import io.github.alphaumi.lab.train.GlpftConfig.Method;
import io.github.alphaumi.lab.train.Lesson.Half;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One training of several.
 *
 * @param name of its folder, and of the role that it makes, if it makes one
 * @param from name of the stage that it goes on from; null: the base
 */
record Stage(String name, @Nullable String from, Lesson lesson, TrainingOptions options) {
  static final String FIRST = "stage1";

  /** In the order in which they are trained. */
  static List<Stage> of(GlpftConfig config) {
    List<Stage> stages = new ArrayList<>();
    boolean trio = config.method() == Method.TRIO;
    if (config.method() != Method.ONE_STAGE) {
      Half half = config.reuse() ? Half.ALL : Half.BACKBONE;
      boolean joined = config.backbone() == Backbone.JOINED;
      stages.add(
          new Stage(FIRST, null, new Lesson(joined, config.roleWeights(), half), config.stage1()));
    }
    if (trio || config.method() == Method.ONE_STAGE) {
      Half half = config.reuse() ? Half.ALL : Half.ROLES;
      for (String role : GlpftConfig.ROLES) {
        stages.add(
            new Stage(
                role,
                trio ? FIRST : null,
                new Lesson(false, Map.of(role, 1f), half),
                Objects.requireNonNull(config.stage2().get(role))));
      }
    }
    return stages;
  }

  boolean isRole() {
    return !name.equals(FIRST);
  }
}
