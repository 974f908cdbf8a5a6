package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.Architecture.Trait;
import io.github.alphaumi.onnx.ModelConfig.LayerShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes attention into a graph: from queries, keys and values of new positions to what their heads
 * give, with the cache updated.
 *
 * <p>GroupQueryAttention does all of it in one operator where it can: it rotates queries and keys
 * itself unless the sizes do not suit it, and takes them in one piece unless a norm has to come
 * first.
 */
final class AttentionNodes {
  /** GroupQueryAttention rotates heads, and parts of heads, of multiples of this. */
  private static final int ROTATED_INSIDE = 16;

  /** Input of graphs that rotate outside: each token's position, {@code [batch, length]}. */
  static final String POSITIONS = "positions";

  private final OnnxGraph graph;
  private final ModelConfig config;
  private final NormNodes norms;
  private final int positions;
  private final Map<Rope, Tables> tables = new HashMap<>();

  /** Names of constants {@code [positions, dimensions / 2]}. */
  private record Tables(String cosines, String sines) {}

  /**
   * @param positions how many positions the rotation tables cover
   */
  AttentionNodes(OnnxGraph graph, ModelConfig config, NormNodes norms, int positions) {
    this.graph = graph;
    this.config = config;
    this.norms = norms;
    this.positions = positions;
    int keys = config.keySize();
    graph.constant("qkv_sizes", config.querySize(), keys, keys);
    graph.constant("query_heads", 0, 0, config.heads(), config.headSize());
    graph.constant("key_heads", 0, 0, config.keyValueHeads(), config.headSize());
    graph.constant("joined_heads", 0, 0, -1);
    if (config.layerShapes().stream().anyMatch(shape -> !rotatesInside(shape.rope()))) {
      graph.input(POSITIONS, OnnxGraph.ElementType.INT64, "batch", "length");
    }
  }

  private boolean rotatesInside(Rope rope) {
    return config.headSize() % ROTATED_INSIDE == 0 && rope.dimensions() % ROTATED_INSIDE == 0;
  }

  /**
   * @param qkv {@code [batch, length, queries + keys + values]}
   * @return {@code [batch, length, queries]}
   */
  String attend(int layer, String qkv) {
    Rope rope = config.layerShapes().get(layer).rope();
    if (rotatesInside(rope) && !config.has(Trait.HEAD_NORMS)) {
      return attend(layer, qkv, "", "");
    }
    String query = qkv + ".query";
    String key = qkv + ".key";
    String value = qkv + ".value";
    graph.node("Split", List.of(qkv, "qkv_sizes"), List.of(query, key, value), Map.of("axis", -1));
    if (config.has(Trait.HEAD_NORMS)) {
      query = normHeads(layer, "q_norm", query, "query_heads");
      key = normHeads(layer, "k_norm", key, "key_heads");
    }
    if (!rotatesInside(rope)) {
      query = rotate(rope, query, config.heads());
      key = rotate(rope, key, config.keyValueHeads());
    }
    return attend(layer, query, key, value);
  }

  private String attend(int layer, String query, String key, String value) {
    LayerShape shape = config.layerShapes().get(layer);
    boolean rotates = rotatesInside(shape.rope());
    Tables rotation = rotates ? tables(shape.rope()) : new Tables("", "");
    String out = WeightLayout.matrix(layer, "attended");
    graph.contribNode(
        "GroupQueryAttention",
        List.of(
            query,
            key,
            value,
            DecoderGraph.past(layer, "key"),
            DecoderGraph.past(layer, "value"),
            "seqlens_k",
            "total_sequence_length",
            rotation.cosines(),
            rotation.sines()),
        List.of(out, DecoderGraph.present(layer, "key"), DecoderGraph.present(layer, "value")),
        Map.of(
            "num_heads",
            config.heads(),
            "kv_num_heads",
            config.keyValueHeads(),
            "scale",
            config.attentionScale(),
            "do_rotary",
            rotates ? 1 : 0,
            "rotary_interleaved",
            0,
            "local_window_size",
            shape.window() == LayerShape.EVERYTHING ? -1 : shape.window()));
    return out;
  }

  private String normHeads(int layer, String norm, String in, String heads) {
    String weight = "model.layers." + layer + ".self_attn." + norm + ".weight";
    graph.node("Reshape", List.of(in, heads), List.of(in + ".heads"), Map.of());
    String normed = norms.lastAxis(weight, config.headSize(), in + ".heads");
    String out = in + ".normed";
    graph.node("Reshape", List.of(normed, "joined_heads"), List.of(out), Map.of());
    return out;
  }

  private String rotate(Rope rope, String in, int heads) {
    String out = in + ".rotated";
    boolean whole = rope.dimensions() == config.headSize();
    graph.contribNode(
        "RotaryEmbedding",
        List.of(in, POSITIONS, tables(rope).cosines(), tables(rope).sines()),
        List.of(out),
        Map.of("num_heads", heads, "rotary_embedding_dim", whole ? 0 : rope.dimensions()));
    return out;
  }

  private Tables tables(Rope rope) {
    return tables.computeIfAbsent(
        rope,
        absent -> {
          Tables names = new Tables("cosines." + tables.size(), "sines." + tables.size());
          int half = rope.dimensions() / 2;
          graph.constant(names.cosines(), rope.table(positions, false), positions, half);
          graph.constant(names.sines(), rope.table(positions, true), positions, half);
          return names;
        });
  }
}
