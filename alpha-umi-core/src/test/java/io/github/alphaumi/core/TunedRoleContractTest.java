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
          public synchronized TextResponse complete(TextRequest request) {
            int tokens = countTokens(request.prompt().text());
            ModelUse use = new ModelUse(tokens, 0, 10, Duration.ZERO, Duration.ZERO);
            return tokens >= contextWindow()
                ? new TextResponse("", TextResponse.Finish.CONTEXT_FULL, use)
                : new TextResponse(new MalformedText(random).next(), TextResponse.Finish.STOP, use);
          }

          @Override
          public int contextWindow() {
            return 2_048;
          }
        },
        PromptFormat.compact());
  }
}
