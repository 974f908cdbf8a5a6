package io.github.alphaumi.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One training outside of the JVM, as {@code train.py} reads it. What the paper's code has in
 * common for all trainings is here, too.
 *
 * @param name of the run and of the model that it makes
 * @param init the run whose model it goes on from; null for the base
 * @param data roles whose samples it learns
 */
record ExportedRun(
    String name,
    @Nullable String init,
    List<String> data,
    int epochs,
    double learningRate,
    double warmUpRatio,
    double weightDecay) {

  /**
   * What all runs of an export share.
   *
   * @param base what transformers loads
   * @param lora rank of adapters; 0 for whole models
   */
  record Common(String base, int maxLength, int lora) {}

  Map<String, @Nullable Object> json(Common common) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("base", common.base);
    json.put("init", init == null ? null : "models/" + init);
    json.put("output", "models/" + name);
    json.put("train", files(false));
    json.put("held_out", files(true));
    json.put("max_length", common.maxLength);
    json.put("epochs", epochs);
    json.put("max_updates", null);
    json.put("batch", 48);
    json.put("micro_batch", 6);
    json.put("learning_rate", learningRate);
    json.put("warmup_ratio", warmUpRatio);
    json.put("weight_decay", weightDecay);
    json.put("betas", List.of(0.9, 0.999));
    json.put("epsilon", 1e-8);
    json.put("max_grad_norm", 1.0);
    json.put("bf16", true);
    json.put("save_dtype", "bfloat16");
    json.put("gradient_checkpointing", true);
    json.put("lora", common.lora == 0 ? null : lora(common.lora));
    json.put("seed", 42);
    json.put("save_every", 500);
    json.put("keep_checkpoints", 2);
    json.put("evaluate_every", 500);
    return json;
  }

  private List<String> files(boolean heldOut) {
    return data.stream().map(role -> "data/" + ExportedSamples.fileName(role, heldOut)).toList();
  }

  private static Map<String, Object> lora(int rank) {
    Map<String, Object> lora = new LinkedHashMap<>();
    lora.put("r", rank);
    lora.put("lora_alpha", 2 * rank);
    lora.put("lora_dropout", 0.05);
    lora.put("target_modules", "all-linear");
    return lora;
  }
}
