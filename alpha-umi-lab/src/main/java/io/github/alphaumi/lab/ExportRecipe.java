package io.github.alphaumi.lab;

import java.util.List;

/** Which models are trained, from what and on what: the paper's method and its ablations. */
enum ExportRecipe {
  /** Stage 1, a backbone on whole steps; stage 2, each role from it. */
  glpft {
    @Override
    List<ExportedRun> runs() {
      return List.of(
          BACKBONE,
          new ExportedRun("planner", "backbone", List.of("planner"), 1, 1e-5, 0.2, 0.01),
          new ExportedRun("caller", "backbone", List.of("caller"), 1, 1e-5, 0.2, 0.01),
          new ExportedRun("summarizer", "backbone", List.of("summarizer"), 2, 1e-5, 0.4, 0.01));
    }
  },

  /** Each role from the base. */
  one_stage {
    @Override
    List<ExportedRun> runs() {
      return List.of(fromBase("planner"), fromBase("caller"), fromBase("summarizer"));
    }

    private ExportedRun fromBase(String role) {
      return new ExportedRun(role, null, List.of(role), 2, 5e-5, 0.4, 0);
    }
  },

  /** One model that writes whole steps. */
  single {
    @Override
    List<ExportedRun> runs() {
      return List.of(BACKBONE);
    }
  },

  /** One model that plays each role by its prompt. */
  multi_task {
    @Override
    List<ExportedRun> runs() {
      return List.of(
          new ExportedRun(
              "roles", null, List.of("planner", "caller", "summarizer"), 2, 5e-5, 0.4, 0));
    }
  };

  private static final ExportedRun BACKBONE =
      new ExportedRun("backbone", null, List.of("backbone"), 2, 5e-5, 0.4, 0);

  /** In the order in which they have to be trained. */
  abstract List<ExportedRun> runs();
}
