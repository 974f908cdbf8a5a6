package io.github.alphaumi.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Vocabularies for tests: every byte, and pieces as a tokenizer trained on tool calls has them. */
final class Vocabularies {
  private static final String SAMPLE =
      "Action: get_weather\nAction Input: {\"city\": \"Z\u00fcrich\", \"days\": 3, \"units\": \"metric\"}\n"
          + "Next: caller. Next: conclusion. Next: give up. {\"name\":\"a\\\"b\\u00e9\",\"v\":[-1.5e7,true,"
          + "false,null,{}],\"k\": [[]]}\n\n  \"},{\" \u4f60\u597d \ud83d\ude00 caf\u00e9 0123456789 --- abc aa bb";

  private Vocabularies() {}

  /** The single bytes, then {@code size - 256} pieces of one to eight bytes. */
  static byte[][] synthetic(int size, long seed) {
    Random random = new Random(seed);
    byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
    List<byte[]> tokens = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (i < 256) {
        tokens.add(new byte[] {(byte) i});
      } else {
        int from = random.nextInt(sample.length);
        int length = 1 + random.nextInt(8);
        tokens.add(Arrays.copyOfRange(sample, from, Math.min(sample.length, from + length)));
      }
    }
    return tokens.toArray(new byte[0][]);
  }

  /** The 49,152 tokens of the embedded model; none for its control tokens. */
  static byte[][] smolLm2() {
    Path file =
        Path.of(
            "../examples/embedded-model/src/main/resources/io/github/alphaumi/embedded",
            "SmolLM2-135M-Instruct.Q4_1.gguf");
    assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
    try (Checkpoint checkpoint = Checkpoint.open(file);
        Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow()) {
      byte[][] tokens = new byte[tokenizer.size()][];
      for (int i = 0; i < tokens.length; i++) {
        byte[] bytes = tokenizer.has(i) ? tokenizer.bytes(i) : null;
        tokens[i] = bytes == null ? new byte[0] : bytes;
      }
      return tokens;
    }
  }

  static TokenTrie trie(byte[][] tokens) {
    return TokenTrie.of(tokens.length, i -> tokens[i]);
  }
}
