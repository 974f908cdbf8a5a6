package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Numbers in which the matrices of the layers are multiplied; all else is of 32 bits. */
enum Precision {
  @JsonProperty("fp32")
  FP32,
  @JsonProperty("bf16")
  BF16
}
