package io.github.alphaumi.lab;

import java.util.List;

/** Which models are trained, from what and on what: the paper's method and its ablations. */
enum TrainingRecipe {
  /** Stage 1, a backbone on whole steps; stage 2, each role from it. */
  glpft {
    @Override
    List<TrainingRun> runs() {
      return List.of(
          BACKBONE,
          new TrainingRun("planner", "backbone", List.of("planner"), 1, 1e-5, 0.2, 0.01),
          new TrainingRun("caller", "backbone", List.of("caller"), 1, 1e-5, 0.2, 0.01),
          new TrainingRun("summarizer", "backbone", List.of("summarizer"), 2, 1e-5, 0.4, 0.01));
    }
  },

  /** Each role from the base. */
  one_stage {
    @Override
    List<TrainingRun> runs() {
      return List.of(fromBase("planner"), fromBase("caller"), fromBase("summarizer"));
    }

    private TrainingRun fromBase(String role) {
      return new TrainingRun(role, null, List.of(role), 2, 5e-5, 0.4, 0);
    }
  },

  /** One model that writes whole steps. */
  single {
    @Override
    List<TrainingRun> runs() {
      return List.of(BACKBONE);
    }
  },

  /** One model that plays each role by its prompt. */
  multi_task {
    @Override
    List<TrainingRun> runs() {
      return List.of(
          new TrainingRun(
              "roles", null, List.of("planner", "caller", "summarizer"), 2, 5e-5, 0.4, 0));
    }
  };

  private static final TrainingRun BACKBONE =
      new TrainingRun("backbone", null, List.of("backbone"), 2, 5e-5, 0.4, 0);

  /** In the order in which they have to be trained. */
  abstract List<TrainingRun> runs();
}
