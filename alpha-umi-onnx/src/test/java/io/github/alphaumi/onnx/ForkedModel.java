package io.github.alphaumi.onnx;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.TextModel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a forked JVM does: loads the model of the first argument with the cache folder of the
 * second, and writes a text, or texts without end if there is a third argument.
 */
final class ForkedModel {
  static final String WRITING = "writing";

  private ForkedModel() {}

  public static void main(String[] arguments) {
    OnnxModel.Builder builder =
        OnnxModel.builder(Path.of(arguments[0])).cacheDirectory(Path.of(arguments[1]));
    try {
      OnnxModel model = builder.build();
      if (arguments.length > 2) {
        for (int i = 0; i < 3; i++) {
          Thread writer = new Thread(() -> writeForever(model));
          writer.setDaemon(true);
          writer.start();
        }
        writeForever(model);
      }
      System.out.println(model.complete(TinyModels.drawn("x", 1, "run").build()).text());
      model.close();
    } catch (AlphaUmiException e) {
      System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private static void writeForever(OnnxModel model) {
    while (true) {
      TextModel.Request request =
          TinyModels.drawn("x", 1, "run")
              .maxTokens(900)
              .cancellation(Cancellation.create())
              .onText(
                  text -> {
                    if (TOLD.compareAndSet(false, true)) {
                      System.out.println(WRITING);
                    }
                  })
              .build();
      model.complete(request);
    }
  }
}
