package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A byte-level BPE of 300 tokens: every byte, some pieces of tool calls, and three control tokens.
 */
final class TinyTokenizer {
  static final int END_OF_TEXT = 0;
  static final int TURN_BEGIN = 1;
  static final int TURN_END = 2;
  private static final List<String> CONTROL =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
  private static final String[] WORDS = {
    "Action", "Input", "order", "city", "Next", "caller", " the", "true", "false", "null", "name"
  };
  static final int SIZE = tokens().size();

  private TinyTokenizer() {}

  /** The text of its tokenizer.json. */
  static ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    ArrayNode added = json.put("version", "1.0").putArray("added_tokens");
    for (int id = 0; id < CONTROL.size(); id++) {
      ObjectNode token = added.addObject().put("id", id).put("content", CONTROL.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    json.putNull("normalizer").putNull("post_processor");
    for (String part : List.of("pre_tokenizer", "decoder")) {
      json.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", true);
    }
    ObjectNode model = json.putObject("model").put("type", "BPE");
    List<String> tokens = tokens();
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    merges().forEach(merge -> merges.addArray().add(merge[0]).add(merge[1]));
    return json;
  }

  /** Tokens in the order of their ids, as they are written in the vocabulary. */
  static List<String> tokens() {
    List<String> tokens = new ArrayList<>(CONTROL);
    IntStream.range(0, 256).forEach(b -> tokens.add(letter(b)));
    merges().forEach(merge -> tokens.add(merge[0] + merge[1]));
    return tokens;
  }

  /** Each word from left to right, one letter more at a time. */
  static List<String[]> merges() {
    List<String[]> merges = new ArrayList<>();
    for (String word : WORDS) {
      for (int length = 2; length <= word.length(); length++) {
        String left = written(word.substring(0, length - 1));
        String right = written(word.substring(length - 1, length));
        boolean known = merges.stream().anyMatch(m -> (m[0] + m[1]).equals(left + right));
        if (!known) {
          merges.add(new String[] {left, right});
        }
      }
    }
    return merges;
  }

  private static String written(String text) {
    StringBuilder out = new StringBuilder();
    text.chars().forEach(c -> out.append(letter(c)));
    return out.toString();
  }

  /** The letter of GPT-2's byte alphabet. */
  private static String letter(int b) {
    for (char c = 0; c < 0x144; c++) {
      byte[] bytes = ByteAlphabet.bytes(String.valueOf(c));
      if (bytes != null && (bytes[0] & 0xFF) == b) {
        return String.valueOf(c);
      }
    }
    throw new AssertionError("no letter for byte " + b);
  }
}
