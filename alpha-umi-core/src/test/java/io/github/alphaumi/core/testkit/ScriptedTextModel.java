package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A text model that follows a script and keeps the requests; it takes 10 tokens for every prompt, 2
 * of them cached, and 5 for every text. Not thread-safe.
 */
public final class ScriptedTextModel implements TextModel {
  private final Deque<TextModel.Response> script = new ArrayDeque<>();
  private final List<TextModel.Request> requests = new ArrayList<>();
  private int window = 2048;

  /** The next text. */
  public ScriptedTextModel writes(String text) {
    return writes(text, TextModel.Finish.STOP);
  }

  /** The next text, and why it ends. */
  public ScriptedTextModel writes(String text, TextModel.Finish finish) {
    script.add(
        new TextModel.Response(text, finish, new ModelUse(10, 2, 5, Duration.ZERO, Duration.ZERO)));
    return this;
  }

  /** 2,048 by default; prompts that are longer by its estimate are refused as an engine does. */
  public ScriptedTextModel withContextWindow(int tokens) {
    window = tokens;
    return this;
  }

  /** The requests so far, oldest first. */
  public List<TextModel.Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public TextModel.Response complete(TextModel.Request request) {
    requests.add(request);
    int tokens = countTokens(request.prompt().text());
    if (tokens >= window) {
      return new TextModel.Response(
          "",
          TextModel.Finish.CONTEXT_FULL,
          new ModelUse(tokens, 0, 0, Duration.ZERO, Duration.ZERO));
    }
    TextModel.Response response = script.poll();
    if (response == null) {
      throw new AssertionError("the text model's script is at its end");
    }
    request.onText().accept(response.text());
    return response;
  }

  @Override
  public int contextWindow() {
    return window;
  }
}
