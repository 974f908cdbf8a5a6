package io.github.alphaumi.core;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** A run as lines of text for people: what was planned, called, observed and answered. */
final class Transcript implements RunListener {
  private final Consumer<String> line;
  private ModelUse lastUse = new ModelUse(0, 0, 0, Duration.ZERO, Duration.ZERO);
  private long read;
  private long written;
  private Duration prefill = Duration.ZERO;
  private Duration decode = Duration.ZERO;

  Transcript(Consumer<String> line) {
    this.line = line;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.Started started) {
      line.accept("task      " + started.task());
    } else if (event instanceof RunEvent.ModelCalled called) {
      add(called.use());
    } else if (event instanceof RunEvent.Repaired repaired) {
      line.accept("  repaired  " + repaired.how());
    } else if (event instanceof RunEvent.Planned planned) {
      line.accept("  plan      " + DecisionText.write(planned.decision()) + cost());
    } else if (event instanceof RunEvent.Called called) {
      line.accept("  call      " + called.call() + number(called) + cost());
    } else if (event instanceof RunEvent.Approved approved) {
      line.accept(
          "  approval  "
              + (approved.answer().approved()
                  ? "granted"
                  : "denied: " + approved.answer().reason()));
    } else if (event instanceof RunEvent.Observed observed) {
      line.accept("  observed  " + observed.observation().text() + number(observed));
    } else if (event instanceof RunEvent.Cut) {
      line.accept("  cut       as many steps as the path may have");
    } else if (event instanceof RunEvent.Backtracked back) {
      line.accept("  back      to " + (back.to() == 0 ? "the task" : "node " + back.to()));
    } else if (event instanceof RunEvent.Stopped stopped) {
      stopped(stopped.result());
    }
  }

  /** Of calls that run side by side the observations come as they end. */
  private static String number(RunEvent event) {
    int call = event.origin().call();
    return call == 0 ? "" : "   [call " + (call + 1) + " of the step]";
  }

  private void add(ModelUse use) {
    lastUse = use;
    read += use.inputTokens() - use.cachedTokens();
    written += use.outputTokens();
    prefill = prefill.plus(use.prefill());
    decode = decode.plus(use.decode());
  }

  private String cost() {
    return String.format(
        Locale.ROOT,
        "   [%,d ms, %d tokens written, %d read of %d]",
        lastUse.time().toMillis(),
        lastUse.outputTokens(),
        lastUse.inputTokens() - lastUse.cachedTokens(),
        lastUse.inputTokens());
  }

  private void stopped(AgentResult result) {
    String answer = result.answer().orElse("");
    if (result.stopReason() == StopReason.ANSWERED) {
      line.accept("answer    " + answer + cost());
    } else {
      line.accept(
          "stopped   "
              + result.stopReason()
              + (result.detail().isEmpty() ? "" : ": " + result.detail())
              + (answer.isEmpty() ? "" : "; known so far: " + answer));
    }
    AgentResult.Usage usage = result.usage();
    line.accept(
        String.format(
            Locale.ROOT,
            "          %,d ms; %d model calls, %d tool calls; read %d tokens at %.0f a second, wrote"
                + " %d at %.0f a second",
            usage.elapsed().toMillis(),
            usage.modelCalls(),
            usage.toolCalls(),
            read,
            rate(read, prefill),
            written,
            rate(written, decode)));
  }

  private static double rate(long tokens, Duration time) {
    return time.isZero() ? 0 : tokens * 1e9 / time.toNanos();
  }
}
