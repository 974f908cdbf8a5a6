package io.github.alphaumi.core;

import io.github.alphaumi.core.testkit.RoleContract;
import java.time.Duration;
import java.util.Random;

class TunedRoleContractTest extends RoleContract {

  @Override
  protected Roles roles() {
    Random random = new Random(7);
    return Roles.tuned(
        new TextModel() {
          @Override
          public synchronized TextModel.Response complete(TextModel.Request request) {
            int tokens = countTokens(request.prompt().text());
            ModelUse use = new ModelUse(tokens, 0, 10, Duration.ZERO, Duration.ZERO);
            return tokens >= contextWindow()
                ? new TextModel.Response("", TextModel.Finish.CONTEXT_FULL, use)
                : new TextModel.Response(
                    new MalformedText(random).next(), TextModel.Finish.STOP, use);
          }

          @Override
          public int contextWindow() {
            return 2_048;
          }
        },
        PromptFormat.compact());
  }
}
