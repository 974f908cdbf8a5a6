package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A llama of two layers with random weights, and the files it comes in. What a test wants different
 * it changes before it writes them.
 */
final class TinyModel {
  static final int HIDDEN = 32;
  static final int INTERMEDIATE = 64;
  static final int LAYERS = 2;
  static final int HEADS = 4;
  static final int KEY_VALUE_HEADS = 2;
  static final int HEAD_SIZE = 16;
  static final int POSITIONS = 1024;

  final ObjectNode config = new ObjectMapper().createObjectNode();
  final ObjectNode tokenizer = TinyTokenizer.json();
  final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Values of a tensor, {@code [rows, columns]}; a vector has no rows. */
  record Tensor(float[] values, int... shape) {}

  TinyModel() {
    this(TinyTokenizer.SIZE, 17);
  }

  TinyModel(int vocabulary, long seed) {
    config
        .put("model_type", "llama")
        .put("vocab_size", vocabulary)
        .put("hidden_size", HIDDEN)
        .put("num_hidden_layers", LAYERS)
        .put("num_attention_heads", HEADS)
        .put("num_key_value_heads", KEY_VALUE_HEADS)
        .put("head_dim", HEAD_SIZE)
        .put("intermediate_size", INTERMEDIATE)
        .put("max_position_embeddings", POSITIONS)
        .put("rms_norm_eps", 1e-5)
        .put("rope_theta", 10_000.0)
        .put("tie_word_embeddings", true)
        .put("eos_token_id", TinyTokenizer.TURN_END);
    Random random = new Random(seed);
    add(random, Checkpoint.EMBEDDING, vocabulary, HIDDEN);
    for (int layer = 0; layer < LAYERS; layer++) {
      String at = "model.layers." + layer + ".";
      addNorm(at + "input_layernorm.weight");
      add(random, at + "self_attn.q_proj.weight", HEADS * HEAD_SIZE, HIDDEN);
      add(random, at + "self_attn.k_proj.weight", KEY_VALUE_HEADS * HEAD_SIZE, HIDDEN);
      add(random, at + "self_attn.v_proj.weight", KEY_VALUE_HEADS * HEAD_SIZE, HIDDEN);
      add(random, at + "self_attn.o_proj.weight", HIDDEN, HEADS * HEAD_SIZE);
      addNorm(at + "post_attention_layernorm.weight");
      add(random, at + "mlp.gate_proj.weight", INTERMEDIATE, HIDDEN);
      add(random, at + "mlp.up_proj.weight", INTERMEDIATE, HIDDEN);
      add(random, at + "mlp.down_proj.weight", HIDDEN, INTERMEDIATE);
    }
    addNorm(Checkpoint.FINAL_NORM);
  }

  private void add(Random random, String name, int rows, int columns) {
    tensors.put(name, random(random, 0.3, rows, columns));
  }

  private void addNorm(String name) {
    float[] ones = new float[HIDDEN];
    Arrays.fill(ones, 1);
    tensors.put(name, new Tensor(ones, HIDDEN));
  }

  static Tensor random(Random random, double deviation, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return new Tensor(values, rows, columns);
  }

  /** Writes config.json, model.safetensors and tokenizer.json, and returns the folder. */
  Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      new ObjectMapper().writeValue(folder.resolve("config.json").toFile(), config);
      new ObjectMapper().writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer);
      Files.write(folder.resolve("model.safetensors"), safetensors(tensors));
      return folder;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] safetensors(Map<String, Tensor> tensors) {
    return safetensors(tensors, ElementType.FLOAT).bytes();
  }

  static SafetensorsWriter safetensors(Map<String, Tensor> tensors, ElementType type) {
    SafetensorsWriter writer = new SafetensorsWriter();
    boolean halves = type == ElementType.FLOAT16;
    tensors.forEach(
        (name, tensor) ->
            writer.tensor(
                name,
                halves ? "F16" : "F32",
                Arrays.toString(tensor.shape()),
                halves ? halves(tensor.values()) : bytes(tensor.values())));
    return writer;
  }

  private static byte[] halves(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Float16.fromFloat(value));
    }
    return bytes.array();
  }

  static byte[] bytes(float[] values) {
    ByteWriter bytes = new ByteWriter();
    for (float value : values) {
      bytes.f32(value);
    }
    return bytes.bytes();
  }

  /** Writes a LoRA adapter for all linear layers, as PEFT does, and returns its folder. */
  static Path writeAdapter(Path folder, long seed) {
    Random random = new Random(seed);
    int rank = 4;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    new TinyModel()
        .tensors.forEach(
            (name, tensor) -> {
              if (name.contains("_proj.")) {
                String module = "base_model.model." + name.replace(".weight", "");
                tensors.put(
                    module + ".lora_A.weight", random(random, 0.3, rank, tensor.shape()[1]));
                tensors.put(
                    module + ".lora_B.weight", random(random, 0.3, tensor.shape()[0], rank));
              }
            });
    return writeAdapter(folder, tensors, adapterConfig());
  }

  static ObjectNode adapterConfig() {
    return new ObjectMapper()
        .createObjectNode()
        .put("peft_type", "LORA")
        .put("bias", "none")
        .put("r", 4)
        .put("lora_alpha", 8);
  }

  static Path writeAdapter(Path folder, Map<String, Tensor> tensors, ObjectNode config) {
    try {
      Files.createDirectories(folder);
      new ObjectMapper().writeValue(folder.resolve("adapter_config.json").toFile(), config);
      Files.write(folder.resolve("adapter_model.safetensors"), safetensors(tensors));
      return folder;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The same model as one GGUF file of float32 tensors, q and k in the order of converters. */
  GgufWriter gguf() {
    GgufWriter gguf = new GgufWriter();
    gguf.string("general.architecture", "llama");
    uint32(gguf, "llama.embedding_length", HIDDEN);
    uint32(gguf, "llama.block_count", LAYERS);
    uint32(gguf, "llama.attention.head_count", HEADS);
    uint32(gguf, "llama.attention.head_count_kv", KEY_VALUE_HEADS);
    uint32(gguf, "llama.attention.key_length", HEAD_SIZE);
    uint32(gguf, "llama.feed_forward_length", INTERMEDIATE);
    uint32(gguf, "llama.context_length", POSITIONS);
    gguf.pair("llama.attention.layer_norm_rms_epsilon", GgufWriter.FLOAT32, out -> out.f32(1e-5f));
    gguf.string("tokenizer.ggml.model", "gpt2").string("tokenizer.ggml.pre", "gpt-2");
    strings(gguf, "tokenizer.ggml.tokens", TinyTokenizer.tokens());
    strings(
        gguf,
        "tokenizer.ggml.merges",
        TinyTokenizer.merges().stream().map(merge -> merge[0] + " " + merge[1]).toList());
    gguf.array(
        "tokenizer.ggml.token_type",
        GgufWriter.INT32,
        TinyTokenizer.SIZE,
        out -> {
          for (int id = 0; id < TinyTokenizer.SIZE; id++) {
            out.u32(id <= TinyTokenizer.TURN_END ? 3 : 1);
          }
        });
    uint32(gguf, "tokenizer.ggml.eos_token_id", TinyTokenizer.TURN_END);
    tensors.forEach((name, tensor) -> addTensor(gguf, name, tensor));
    return gguf;
  }

  private static void uint32(GgufWriter gguf, String key, int value) {
    gguf.pair(key, GgufWriter.UINT32, out -> out.u32(value));
  }

  private static void strings(GgufWriter gguf, String key, List<String> values) {
    gguf.array(key, GgufWriter.STRING, values.size(), out -> values.forEach(out::string));
  }

  private static void addTensor(GgufWriter gguf, String name, Tensor tensor) {
    String inFile =
        name.replace("model.embed_tokens", "token_embd")
            .replace("model.norm", "output_norm")
            .replace("model.layers.", "blk.")
            .replace("input_layernorm", "attn_norm")
            .replace("post_attention_layernorm", "ffn_norm")
            .replace("self_attn.o_proj", "attn_output")
            .replaceAll("self_attn\\.([qkv])_proj", "attn_$1")
            .replaceAll("mlp\\.(gate|up|down)_proj", "ffn_$1");
    boolean rotated = name.contains("q_proj") || name.contains("k_proj");
    float[] values = rotated ? interleaved(tensor) : tensor.values();
    int[] shape = tensor.shape();
    long[] dimensions = shape.length == 1 ? new long[] {shape[0]} : new long[] {shape[1], shape[0]};
    gguf.tensor(inFile, 0, bytes(values), dimensions);
  }

  /** Within each head, rows of the two halves in turn. */
  private static float[] interleaved(Tensor tensor) {
    int columns = tensor.shape()[1];
    float[] out = new float[tensor.values().length];
    for (int row = 0; row < tensor.shape()[0]; row++) {
      int head = row / HEAD_SIZE * HEAD_SIZE;
      int inHead = row % HEAD_SIZE;
      int from = head + inHead % 2 * (HEAD_SIZE / 2) + inHead / 2;
      System.arraycopy(tensor.values(), from * columns, out, row * columns, columns);
    }
    return out;
  }
}
