package io.github.alphaumi.lab;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Moves a progress bar with each task that is done. */
final class SparkProgress extends SparkListener {
  private final Progress progress;
  private long done;

  SparkProgress(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskInfo().successful()) {
      progress.at(++done);
    }
  }
}
