package io.github.alphaumi.lab.train;

import java.io.IOException;
import java.util.List;

/**
 * Of a file only the first plan of each task. Which of several tools fits a request is what a small
 * planner learns last, and a whole trajectory shows it once or twice in some two hundred tokens; a
 * first plan shows it in some forty.
 */
final class FirstPlans implements SampleFile {
  private final SampleFile file;

  FirstPlans(SampleFile file) {
    this.file = file;
  }

  @Override
  public String name() {
    return file.name() + ", first plans";
  }

  @Override
  public String sha256() {
    return file.sha256() + " first plans";
  }

  @Override
  public int size() {
    return file.size();
  }

  @Override
  public List<Sample> read(int record) throws IOException {
    return file.read(record).stream().filter(Sample::firstPlan).toList();
  }
}
