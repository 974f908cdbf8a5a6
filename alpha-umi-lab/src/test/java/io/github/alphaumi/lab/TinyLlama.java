package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A llama of two layers with random weights that reads every byte as a token. */
final class TinyLlama {
  private static final List<String> CONTROL =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
  private static final int VOCABULARY = 256 + CONTROL.size();
  private static final int HIDDEN = 32;
  private static final int INNER = 64;

  private final ObjectNode header = new ObjectMapper().createObjectNode();
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final Random random = new Random(23);

  private TinyLlama() {}

  /** Writes config.json, tokenizer.json and model.safetensors; returns the folder. */
  static Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), config());
      Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
      Files.write(folder.resolve("model.safetensors"), new TinyLlama().weights());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String config() {
    return new ObjectMapper()
        .createObjectNode()
        .put("model_type", "llama")
        .put("vocab_size", VOCABULARY)
        .put("hidden_size", HIDDEN)
        .put("num_hidden_layers", 2)
        .put("num_attention_heads", 2)
        .put("num_key_value_heads", 1)
        .put("head_dim", 16)
        .put("intermediate_size", INNER)
        .put("max_position_embeddings", 16_384)
        .put("rms_norm_eps", 1e-5)
        .put("rope_theta", 10_000.0)
        .put("hidden_act", "silu")
        .put("tie_word_embeddings", true)
        .put("eos_token_id", 2)
        .toString();
  }

  private static String tokenizer() {
    ObjectNode json = new ObjectMapper().createObjectNode().put("version", "1.0");
    ArrayNode added = json.putArray("added_tokens");
    ObjectNode model = new ObjectMapper().createObjectNode().put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < CONTROL.size(); id++) {
      ObjectNode token = added.addObject().put("id", id).put("content", CONTROL.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
      vocabulary.put(CONTROL.get(id), id);
    }
    int unprintable = 0;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b > 32 && b < 127) || (b > 160 && b != 173);
      char letter = (char) (printable ? b : 256 + unprintable++);
      vocabulary.put(String.valueOf(letter), CONTROL.size() + b);
    }
    model.putArray("merges");
    json.putNull("normalizer").putNull("post_processor");
    for (String part : List.of("pre_tokenizer", "decoder")) {
      json.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", true);
    }
    json.set("model", model);
    return json.toString();
  }

  private byte[] weights() {
    tensor("model.embed_tokens.weight", 0, VOCABULARY, HIDDEN);
    for (int layer = 0; layer < 2; layer++) {
      String at = "model.layers." + layer + ".";
      tensor(at + "input_layernorm.weight", 1, HIDDEN);
      tensor(at + "self_attn.q_proj.weight", 0, 32, HIDDEN);
      tensor(at + "self_attn.k_proj.weight", 0, 16, HIDDEN);
      tensor(at + "self_attn.v_proj.weight", 0, 16, HIDDEN);
      tensor(at + "self_attn.o_proj.weight", 0, HIDDEN, 32);
      tensor(at + "post_attention_layernorm.weight", 1, HIDDEN);
      tensor(at + "mlp.gate_proj.weight", 0, INNER, HIDDEN);
      tensor(at + "mlp.up_proj.weight", 0, INNER, HIDDEN);
      tensor(at + "mlp.down_proj.weight", 0, HIDDEN, INNER);
    }
    tensor("model.norm.weight", 1, HIDDEN);
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + values.size()).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(text.length).put(text).put(values.toByteArray()).array();
  }

  private void tensor(String name, double mean, int... shape) {
    ObjectNode entry = header.putObject(name).put("dtype", "F32");
    ArrayNode sizes = entry.putArray("shape");
    int count = 1;
    for (int size : shape) {
      sizes.add(size);
      count *= size;
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat((float) (mean + (shape.length == 1 ? 0 : 0.15 * random.nextGaussian())));
    }
    int from = values.size();
    values.writeBytes(bytes.array());
    entry.putArray("data_offsets").add(from).add(values.size());
  }
}
