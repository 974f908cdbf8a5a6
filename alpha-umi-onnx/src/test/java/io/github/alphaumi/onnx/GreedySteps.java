package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Greedy decoding by hand: one decoder, one cache, an argmax a step. */
final class GreedySteps {
  private GreedySteps() {}

  /** The tokens that follow the prompt up to a control token, {@code most} at most. */
  static int[] of(Path model, Path cacheDirectory, String prompt, int most) {
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow()) {
      WeightLayout layout =
          WeightLayout.of(checkpoint, WeightFormat.FP32, ElementType.FLOAT, cacheDirectory);
      WeightFolder weights = WeightFolder.of(checkpoint, layout, cacheDirectory);
      byte[] graph = DecoderGraph.write(checkpoint, layout, weights, 1024, false);
      try (Decoder decoder =
              new Decoder(checkpoint.config(), graph, weights.path(), 1, 1, 0, Device.cpu());
          KvCache cache = decoder.newCache(1, 1024)) {
        int[] ids = tokenizer.encodeWithSpecialTokens(prompt);
        int next = Parity.argmax(decoder.run(ids, 0, cache, 0, null));
        IntStream.Builder written = IntStream.builder();
        for (int i = 0; i < most && !tokenizer.isSpecial(next); i++) {
          written.add(next);
          next = Parity.argmax(decoder.run(new int[] {next}, ids.length + i, cache, 0, null));
        }
        return written.build().toArray();
      }
    }
  }
}
