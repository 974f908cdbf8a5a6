package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model of random weights with two layers, four heads of eight and two for keys and values. */
final class TinyCheckpoint {
  static final int VOCABULARY = 48;
  static final int LAYERS = 2;
  static final int HIDDEN = 32;
  private static final int HEADS = 4;
  private static final int KEY_VALUE_HEADS = 2;
  private static final int HEAD_SIZE = 8;
  private static final int INTERMEDIATE = 40;

  private final ObjectNode config = new ObjectMapper().createObjectNode();
  private final Random random = new Random(11);
  private final List<SafetensorsWriter.Entry> tensors = new ArrayList<>();

  private TinyCheckpoint(String family) {
    config
        .put("model_type", family)
        .put("vocab_size", VOCABULARY)
        .put("hidden_size", HIDDEN)
        .put("num_hidden_layers", LAYERS)
        .put("num_attention_heads", HEADS)
        .put("num_key_value_heads", KEY_VALUE_HEADS)
        .put("head_dim", HEAD_SIZE)
        .put("intermediate_size", INTERMEDIATE)
        .put("max_position_embeddings", 256)
        .put("rms_norm_eps", 1e-5)
        .put("rope_theta", 10_000.0)
        .put("hidden_act", "silu")
        .put("eos_token_id", 2);
  }

  /** Llama with a tied head. */
  static Path llama(Path folder) throws IOException {
    return new TinyCheckpoint("llama").write(folder, true);
  }

  /** Qwen2: biases, and a head of its own. */
  static Path qwen2(Path folder) throws IOException {
    return new TinyCheckpoint("qwen2").write(folder, false);
  }

  private Path write(Path folder, boolean tied) throws IOException {
    Natives.load(1);
    config.put("tie_word_embeddings", tied);
    matrix("model.embed_tokens.weight", VOCABULARY, HIDDEN);
    for (int layer = 0; layer < LAYERS; layer++) {
      String at = "model.layers." + layer + ".";
      vector(at + "input_layernorm.weight", 1, HIDDEN);
      projection(at + "self_attn.q_proj", HEADS * HEAD_SIZE, HIDDEN, !tied);
      projection(at + "self_attn.k_proj", KEY_VALUE_HEADS * HEAD_SIZE, HIDDEN, !tied);
      projection(at + "self_attn.v_proj", KEY_VALUE_HEADS * HEAD_SIZE, HIDDEN, !tied);
      projection(at + "self_attn.o_proj", HIDDEN, HEADS * HEAD_SIZE, false);
      vector(at + "post_attention_layernorm.weight", 1, HIDDEN);
      projection(at + "mlp.gate_proj", INTERMEDIATE, HIDDEN, false);
      projection(at + "mlp.up_proj", INTERMEDIATE, HIDDEN, false);
      projection(at + "mlp.down_proj", HIDDEN, INTERMEDIATE, false);
    }
    vector("model.norm.weight", 1, HIDDEN);
    if (!tied) {
      matrix("lm_head.weight", VOCABULARY, HIDDEN);
    }
    Files.createDirectories(folder);
    new ObjectMapper().writeValue(folder.resolve("config.json").toFile(), config);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);
    return folder;
  }

  private void projection(String module, int rows, int columns, boolean biased) {
    matrix(module + ".weight", rows, columns);
    if (biased) {
      vector(module + ".bias", 0, rows);
    }
  }

  private void matrix(String name, int rows, int columns) {
    add(name, 0, rows, columns);
  }

  private void vector(String name, double mean, int size) {
    add(name, mean, size);
  }

  private void add(String name, double mean, long... shape) {
    float[] values = new float[(int) (shape.length == 1 ? shape[0] : shape[0] * shape[1])];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + 0.3 * random.nextGaussian());
    }
    tensors.add(
        new SafetensorsWriter.Entry(name, shape, Tensors.of(values, (long) values.length), 0));
  }

  /** One token per letter; what the ids mean is not asked. */
  private static String tokenizer() {
    ObjectNode json = new ObjectMapper().createObjectNode().put("version", "1.0");
    json.putArray("added_tokens");
    json.putNull("normalizer").putNull("post_processor");
    for (String part : List.of("pre_tokenizer", "decoder")) {
      json.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", true);
    }
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < VOCABULARY; id++) {
      vocabulary.put(String.valueOf((char) ('0' + id)), id);
    }
    model.putArray("merges");
    return json.toString();
  }
}
