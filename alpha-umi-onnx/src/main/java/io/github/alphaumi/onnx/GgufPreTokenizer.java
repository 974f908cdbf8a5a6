package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the byte-level vocabularies of GGUF files cut a text before merging: what a name under {@code
 * tokenizer.ggml.pre} stands for, in the terms of a tokenizer.json.
 *
 * @param json the value of {@code pre_tokenizer}
 * @param normalizer the value of {@code normalizer}
 * @param ignoresMerges whether a whole word of the vocabulary needs no merges
 * @param addsBos whether a text begins with bos where the file does not say
 */
record GgufPreTokenizer(String json, String normalizer, boolean ignoresMerges, boolean addsBos) {

  private static final String BYTES =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":";

  private static final GgufPreTokenizer GPT2 =
      new GgufPreTokenizer(BYTES + "true}", "null", false, false);

  private static final GgufPreTokenizer QWEN2 =
      new GgufPreTokenizer(split("\\\\p{N}"), "{\"type\":\"NFC\"}", false, false);

  private static final GgufPreTokenizer LLAMA3 =
      new GgufPreTokenizer(split("\\\\p{N}{1,3}"), "null", true, true);

  // For "smollm" llama.cpp first cuts numbers into digits; the reference results of SmolLM2 do not,
  // and are followed. The ids differ where two or more blanks, or a number letter, meet a number.
  private static final Map<String, GgufPreTokenizer> BY_NAME =
      Map.of(
          "gpt-2", GPT2,
          "gpt2", GPT2,
          "smollm", GPT2,
          "qwen2", QWEN2,
          "deepseek-r1-qwen", QWEN2,
          "llama-bpe", LLAMA3,
          "llama3", LLAMA3,
          "llama-v3", LLAMA3);

  /** What a name stands for; null where it is not known. */
  static @Nullable GgufPreTokenizer of(String name) {
    return BY_NAME.get(name);
  }

  static String supported() {
    return String.join(", ", List.copyOf(new TreeSet<>(BY_NAME.keySet())));
  }

  /** Words with one leading character, numbers as given, punctuation and blanks, each by itself. */
  private static String split(String numbers) {
    String pattern =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|"
            + numbers
            + "| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";
    return "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":\""
        + pattern
        + "\"},\"behavior\":\"Isolated\",\"invert\":false},"
        + BYTES
        + "false}]}";
  }
}
