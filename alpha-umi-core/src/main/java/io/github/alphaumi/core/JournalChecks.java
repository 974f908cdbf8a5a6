package io.github.alphaumi.core;

import com.google.common.base.Ascii;
import io.github.alphaumi.core.Journal.Failure.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicLong;

/** What every store checks and says in the same way. */
final class JournalChecks {
  /** Version of the entries; raised when an older reader could misread them. */
  static final int FORMAT = 1;

  private static final int LONGEST_NAME = 100;

  private static final AtomicLong HOLDERS = new AtomicLong();

  private JournalChecks() {}

  /** The characters and the length are what a name of a file takes when all of them are escaped. */
  static void runId(String runId) {
    if (runId.isEmpty() || runId.length() > Journal.MAX_RUN_ID) {
      throw new IllegalArgumentException(
          String.format(
              "runId: '%s' has %d characters; it takes 1 to %d",
              runId, runId.length(), Journal.MAX_RUN_ID));
    }
    for (int i = 0; i < runId.length(); i++) {
      char c = runId.charAt(i);
      if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException(
            String.format(
                "runId: '%s' has U+%04X at %d; it takes printable ASCII without spaces",
                runId, (int) c, i));
      }
    }
  }

  static void data(String data) {
    if (data.length() > Journal.MAX_DATA) {
      throw new IllegalArgumentException(
          String.format(
              "data: %,d characters are more than an entry takes (%,d)",
              data.length(), Journal.MAX_DATA));
    }
    for (int i = 0; i < data.length(); i++) {
      char c = data.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < data.length()
              && Character.isLowSurrogate(data.charAt(i + 1));
      if (c < ' ' || Character.isSurrogate(c) && !pair) {
        throw new IllegalArgumentException(
            String.format(
                "data: %s at %d; write it as \\u%04x",
                c < ' ' ? "control character" : "lone surrogate", i, (int) c));
      }
      i += pair ? 1 : 0;
    }
  }

  /** Who holds a lease, in words for people; no two are equal. */
  static String holder() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown host";
    }
    String thread = Thread.currentThread().getName();
    return String.format(
        "process %d on %s, thread %s, lease %d",
        ProcessHandle.current().pid(),
        Ascii.truncate(host, LONGEST_NAME, "..."),
        Ascii.truncate(thread, LONGEST_NAME, "..."),
        HOLDERS.incrementAndGet());
  }

  static Journal.Failure noSuchRun(String runId, String where) {
    return new Journal.Failure(
        Reason.NO_SUCH_RUN, String.format("run %s: there is none in %s", runId, where));
  }

  static Journal.Failure exists(String runId, String where) {
    return new Journal.Failure(
        Reason.EXISTS,
        String.format(
            "run %s: there is one in %s already; resume it, or give the new run another id",
            runId, where));
  }

  static Journal.Failure inUse(String runId, String holder, String until) {
    return new Journal.Failure(
        Reason.IN_USE,
        String.format("run %s: open in %s; its lease ends %s", runId, holder, until));
  }

  static Journal.Failure newer(String what, int version, int known) {
    return new Journal.Failure(
        Reason.NEWER,
        String.format(
            "%s: written in version %d, and this library reads versions up to %d; use a newer one",
            what, version, known));
  }
}
