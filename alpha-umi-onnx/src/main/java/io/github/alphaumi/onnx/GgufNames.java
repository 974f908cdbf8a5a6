package io.github.alphaumi.onnx;

import java.util.Map;

/** What tensors with Hugging Face names are called in GGUF files. */
final class GgufNames {
  private static final Map<String, String> OUTSIDE_LAYERS =
      Map.of(
          Checkpoint.EMBEDDING, "token_embd.weight",
          Checkpoint.HEAD, "output.weight",
          Checkpoint.FINAL_NORM, "output_norm.weight");
  private static final Map<String, String> IN_LAYER =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          // Converters file the packed tensor under the name of its second half.
          Map.entry("mlp.gate_up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"));

  private GgufNames() {}

  /** The name in GGUF files of {@code model.layers.N.MODULE.weight|bias} or one outside layers. */
  static String of(String name) {
    String outside = OUTSIDE_LAYERS.get(name);
    if (outside != null) {
      return outside;
    }
    String[] parts = name.split("\\.", 4);
    int dot = parts[3].lastIndexOf('.');
    String module = IN_LAYER.get(parts[3].substring(0, dot));
    return "blk." + parts[2] + "." + module + parts[3].substring(dot);
  }
}
