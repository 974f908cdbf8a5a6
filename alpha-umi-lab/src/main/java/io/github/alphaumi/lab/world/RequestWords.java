package io.github.alphaumi.lab.world;

import java.util.List;

/**
 * What people write around a request: a greeting, something that has nothing to do with it before
 * or after, thanks, and what day it is.
 */
final class RequestWords {
  private static final double OPENER = 0.16;
  private static final double CONTEXT = 0.12;
  private static final double CLOSER = 0.14;
  private static final double AFTERTHOUGHT = 0.07;

  private final Draws draws;
  private final String today;
  private final boolean talkative;

  /**
   * @param today the sentence that states it, or nothing
   */
  RequestWords(Draws draws, String today) {
    this(draws, today, true);
  }

  private RequestWords(Draws draws, String today, boolean talkative) {
    this.draws = draws;
    this.today = today;
    this.talkative = talkative;
  }

  /** Nothing but the request, as in the middle of a conversation. */
  static RequestWords none(Draws draws) {
    return new RequestWords(draws, "", false);
  }

  /** A greeting or the like, or nothing. */
  String opener() {
    return talkative && draws.chance(OPENER) ? draws.line("openers") : "";
  }

  /** Whether the request goes on in the opener's sentence. */
  static boolean goesOn(String opener) {
    return !opener.isEmpty()
        && !List.of(".", "!", "?").contains(opener.substring(opener.length() - 1));
  }

  /**
   * @param fixed whether its first letter must stay
   * @param closed whether nothing may follow
   */
  String around(String request, boolean fixed, String end, boolean closed) {
    String text = request;
    String mark = end;
    if (talkative && draws.chance(CONTEXT)) {
      String context = draws.line("contexts");
      String more = draws.chance(0.15) ? " " + draws.line("contexts") : "";
      text = context + more + " " + (fixed ? text : Request.capital(text));
    }
    if (talkative && !closed && draws.chance(AFTERTHOUGHT)) {
      text += (mark.isEmpty() ? "." : mark) + " " + draws.line("afterthoughts");
      mark = "";
    } else if (!closed && draws.chance(CLOSER)) {
      String closer = draws.line("closers");
      if (closer.startsWith(",")) {
        text += closer;
      } else {
        text += (mark.isEmpty() ? "." : mark) + " " + closer;
        mark = "";
      }
    }
    return (today.isEmpty() ? "" : today + " ") + text + mark;
  }
}
