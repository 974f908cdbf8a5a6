package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Recorded conversations that roles go through again, one run after the other: at each step the
 * planner, then the caller or the summarizer, with the steps and plans before as recorded.
 */
final class RecordedRuns implements ReplayBench.Runs {
  private final List<List<StaticInference.Asked>> runs;

  private RecordedRuns(List<List<StaticInference.Asked>> runs) {
    this.runs = runs;
  }

  /**
   * So many conversations of a file, drawn with seed 1.
   *
   * @throws AlphaUmiException if there is none in it
   */
  static RecordedRuns read(Path file, int count, Console console) throws IOException {
    List<List<StaticInference.Asked>> all = new ArrayList<>();
    Records.read(
        file,
        console,
        (index, record) -> {
          List<StaticInference.Asked> steps =
              StaticInference.Asked.of((int) index, Conversation.read(record));
          for (StaticInference.Asked step : steps) {
            step.tools(); // Whether they can be read.
          }
          all.add(steps);
        });
    if (all.isEmpty()) {
      throw new AlphaUmiException(
          file
              + " holds no conversation; write some by 'umi data world --format conversations',"
              + " or take one of the published test sets");
    }
    return new RecordedRuns(Draw.some(all, count, 1));
  }

  @Override
  public int count() {
    return runs.size();
  }

  @Override
  public void play(Roles roles) {
    for (List<StaticInference.Asked> run : runs) {
      for (StaticInference.Asked step : run) {
        try {
          play(roles, step);
        } catch (BadRecordException e) {
          throw new IllegalStateException(e); // They were read before.
        }
      }
    }
  }

  private static void play(Roles roles, StaticInference.Asked asked) throws BadRecordException {
    LabelledStep step = asked.step();
    roles.planner().plan(step.before(), asked.tools(), asked.run());
    if (step.decision() instanceof Decision.Call plan && !asked.tools().isEmpty()) {
      roles.caller().call(step.before(), plan, asked.tools(), asked.run());
    } else if (step.decision() instanceof Decision.Conclude conclude) {
      roles.summarizer().summarize(step.before(), conclude, asked.tools(), asked.run());
    }
  }
}
