package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A matrix of a layer. */
enum Projection {
  @JsonProperty("q")
  QUERY("self_attn.q_proj"),
  @JsonProperty("k")
  KEY("self_attn.k_proj"),
  @JsonProperty("v")
  VALUE("self_attn.v_proj"),
  @JsonProperty("o")
  OUTPUT("self_attn.o_proj"),
  @JsonProperty("gate")
  GATE("mlp.gate_proj"),
  @JsonProperty("up")
  UP("mlp.up_proj"),
  @JsonProperty("down")
  DOWN("mlp.down_proj");

  private final String module;

  Projection(String module) {
    this.module = module;
  }

  /** Name within a layer, as in checkpoints and adapters. */
  String module() {
    return module;
  }
}
