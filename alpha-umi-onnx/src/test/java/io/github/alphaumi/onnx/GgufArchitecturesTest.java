package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checkpoints of Hugging Face folders written as GGUF files the way llama.cpp's converters name
 * things: they must give the same logits.
 */
class GgufArchitecturesTest {
  private static final int F32 = 0;
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("model.embed_tokens", "token_embd"),
          Map.entry("model.norm", "output_norm"),
          Map.entry("lm_head", "output"),
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.gate_up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "llama, llama",
    "llama_tied_rope3, llama",
    "qwen2, qwen2",
    "qwen3_bf16, qwen3",
    "phi3, phi3",
    "phi3_partial_rotary, phi3"
  })
  void should_give_the_same_logits_from_a_gguf_file(String fixture, String architecture)
      throws IOException {
    Path source = Shared.path("fixtures").resolve("engine").resolve(fixture);
    Path file = folder.resolve("model.gguf");
    Files.write(file, convert(source, architecture));
    try (Engine engine = Engine.open(file, WeightFormat.FP32, folder)) {
      Parity.check(engine, Parity.expected(source.resolve("expected.json")));
    }
  }

  private static byte[] convert(Path source, String architecture) throws IOException {
    JsonNode config = new ObjectMapper().readTree(source.resolve("config.json").toFile());
    int heads = config.get("num_attention_heads").asInt();
    int headSize = config.path("head_dim").asInt(config.get("hidden_size").asInt() / heads);
    GgufWriter out = new GgufWriter().string("general.architecture", architecture);
    writeShape(out, architecture + ".", config, headSize);
    try (SafetensorsFiles tensors = SafetensorsFiles.open(source)) {
      for (String name : tensors.names()) {
        TensorData tensor = tensors.tensor(name);
        boolean permuted =
            architecture.equals("llama")
                && (name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight"));
        long[] shape = tensor.shape();
        long[] innermostFirst = shape.length == 1 ? shape : new long[] {shape[1], shape[0]};
        out.tensor(ggufName(name), F32, floats(tensor, permuted ? headSize : 0), innermostFirst);
      }
    }
    JsonNode rope = config.get("rope_parameters");
    if (rope.get("rope_type").asText().equals("llama3")) {
      out.tensor("rope_freqs.weight", F32, divisors(rope, headSize), headSize / 2);
    }
    return out.bytes();
  }

  private static void writeShape(GgufWriter out, String prefix, JsonNode config, int headSize) {
    JsonNode rope = config.get("rope_parameters");
    int rotated = (int) (headSize * rope.path("partial_rotary_factor").asDouble(1));
    integer(out, prefix + "block_count", config.get("num_hidden_layers").asInt());
    integer(out, prefix + "context_length", config.get("max_position_embeddings").asInt());
    integer(out, prefix + "embedding_length", config.get("hidden_size").asInt());
    integer(out, prefix + "feed_forward_length", config.get("intermediate_size").asInt());
    integer(out, prefix + "attention.head_count", config.get("num_attention_heads").asInt());
    integer(out, prefix + "attention.head_count_kv", config.get("num_key_value_heads").asInt());
    integer(out, prefix + "rope.dimension_count", rotated);
    if (config.has("head_dim")) {
      integer(out, prefix + "attention.key_length", headSize);
    }
    if (prefix.equals("phi3.")) {
      // The converter writes 0 for no window.
      integer(out, prefix + "attention.sliding_window", config.path("sliding_window").asInt(0));
    }
    number(out, prefix + "rope.freq_base", rope.get("rope_theta").asDouble());
    number(out, prefix + "attention.layer_norm_rms_epsilon", config.get("rms_norm_eps").asDouble());
  }

  private static void integer(GgufWriter out, String key, int value) {
    out.pair(key, GgufWriter.UINT32, to -> to.u32(value));
  }

  private static void number(GgufWriter out, String key, double value) {
    out.pair(key, GgufWriter.FLOAT32, to -> to.f32((float) value));
  }

  private static String ggufName(String name) {
    int dot = name.lastIndexOf('.');
    String module = name.substring(0, dot);
    String kind = name.substring(dot);
    if (NAMES.containsKey(module)) {
      return NAMES.get(module) + kind;
    }
    String[] parts = module.split("\\.", 4);
    return "blk." + parts[2] + "." + NAMES.get(parts[3]) + kind;
  }

  /** Rows of each head as pairs of neighbours, if there is a head size; else as they are. */
  private static byte[] floats(TensorData tensor, int headSize) {
    long[] shape = tensor.shape();
    int columns = (int) shape[shape.length - 1];
    int rows = (int) tensor.elements() / columns;
    float[] row = new float[columns];
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < rows; i++) {
      int inHead = headSize == 0 ? 0 : i % headSize;
      int from = headSize == 0 ? i : i - inHead + inHead % 2 * headSize / 2 + inHead / 2;
      tensor.readFloats((long) from * columns, row, 0, columns);
      for (float value : row) {
        out.f32(value);
      }
    }
    return out.bytes();
  }

  private static byte[] divisors(JsonNode rope, int headSize) {
    double low = rope.get("low_freq_factor").asDouble();
    double high = rope.get("high_freq_factor").asDouble();
    double factor = rope.get("factor").asDouble();
    double positions = rope.get("original_max_position_embeddings").asDouble();
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < headSize; i += 2) {
      double frequency = Math.pow(rope.get("rope_theta").asDouble(), (double) -i / headSize);
      double wavelength = 2 * Math.PI / frequency;
      double smooth = (positions / wavelength - low) / (high - low);
      double blended = 1 / ((1 - smooth) / factor + smooth);
      out.f32((float) (smooth < 0 ? factor : smooth > 1 ? 1 : blended));
    }
    return out.bytes();
  }
}
