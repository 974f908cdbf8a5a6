package io.github.alphaumi.lab;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on one line of the console, or nothing. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 100;

  /** With words behind the bar. */
  static final int WIDE = 160;

  private final Console console;
  private final @Nullable ProgressBar bar;

  /**
   * @param unit what is counted, for example {@code " MB"}
   * @param size how many units of the count one such unit has
   */
  Progress(Console console, String task, long total, String unit, long size) {
    this(console, task, total, unit, size, WIDTH);
  }

  /**
   * @param width of the line, in characters
   */
  Progress(Console console, String task, long total, String unit, long size, int width) {
    this.console = console;
    this.bar =
        console.progress()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(unit, size)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, width))
                .build()
            : null;
  }

  private void draw(String line) {
    console.err().print("\r" + line);
    console.err().flush();
  }

  void at(long value) {
    if (bar != null) {
      bar.stepTo(value);
    }
  }

  /**
   * @param says what stands behind the bar
   */
  void at(long value, String says) {
    if (bar != null) {
      bar.setExtraMessage(says);
      bar.stepTo(value);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      console.err().println();
      console.err().flush();
    }
  }
}
