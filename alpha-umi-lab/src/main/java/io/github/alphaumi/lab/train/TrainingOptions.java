package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained. In JSON a member that is left out is that of {@link #DEFAULTS}; {@code
 * "lora": null} trains full weights.
 *
 * @param lora which weights are added and trained; null: all weights of the model are trained
 * @param learningRate at its highest, after the warm-up
 * @param finalLearningRate where the cosine from {@code learningRate} ends
 * @param warmup share of {@code decayTokens} over which the learning rate rises from 0
 * @param tokens training ends when so many tokens went through the network
 * @param decayTokens tokens after which the learning rate is at its end; 0: {@code tokens}. With
 *     more than {@code tokens} training ends on the way
 * @param tokensPerUpdate packs are gathered for one update until they hold so many tokens
 * @param beta1 decay of AdamW's mean of gradients
 * @param beta2 decay of AdamW's mean of their squares
 * @param epsilon of AdamW
 * @param weightDecay of AdamW, decoupled (arXiv 1711.05101)
 * @param clip highest norm of all gradients together
 * @param workers packs that are computed at the same time; 0: one per processor
 * @param threads threads of one worker
 * @param recompute keep only each layer's input and compute the layer again for its gradients: less
 *     memory, a third more work
 * @param precision of the layers' matrix products
 * @param headTokens 0: the loss is over the whole vocabulary; otherwise over the ids below this,
 *     the ids of the same pack's targets and no others, which saves time
 * @param seed of the first values of what is added to the model
 * @param checkpointEvery tokens between checkpoints
 * @param evaluateEvery tokens between evaluations
 */
record TrainingOptions(
    @Nullable LoraOptions lora,
    double learningRate,
    double finalLearningRate,
    double warmup,
    long tokens,
    long decayTokens,
    int tokensPerUpdate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clip,
    int workers,
    int threads,
    boolean recompute,
    Precision precision,
    int headTokens,
    long seed,
    long checkpointEvery,
    long evaluateEvery) {

  static final TrainingOptions DEFAULTS =
      new TrainingOptions(
          LoraOptions.DEFAULTS,
          2e-3,
          1e-4,
          0.04,
          1_000_000,
          0,
          2_600,
          0.9,
          0.98,
          1e-8,
          0,
          1,
          0,
          1,
          false,
          Precision.FP32,
          0,
          1,
          50_000,
          100_000);

  private static final ObjectMapper JSON = new ObjectMapper();

  TrainingOptions {
    Settings.check(learningRate > 0, "learningRate", learningRate, "more than 0, such as 2e-3");
    Settings.check(
        finalLearningRate >= 0 && finalLearningRate <= learningRate,
        "finalLearningRate",
        finalLearningRate,
        "between 0 and learningRate, " + learningRate);
    Settings.check(warmup >= 0 && warmup <= 1, "warmup", warmup, "a share from 0 to 1");
    Settings.check(tokens > 0, "tokens", tokens, "1 or more");
    Settings.check(decayTokens >= 0, "decayTokens", decayTokens, "1 or more, or 0 for tokens");
    Settings.check(tokensPerUpdate > 0, "tokensPerUpdate", tokensPerUpdate, "1 or more");
    Settings.check(beta1 >= 0 && beta1 < 1, "beta1", beta1, "from 0 to below 1, such as 0.9");
    Settings.check(beta2 >= 0 && beta2 < 1, "beta2", beta2, "from 0 to below 1, such as 0.98");
    Settings.check(epsilon > 0, "epsilon", epsilon, "more than 0, such as 1e-8");
    Settings.check(weightDecay >= 0, "weightDecay", weightDecay, "0 or more");
    Settings.check(clip > 0, "clip", clip, "more than 0, such as 1");
    Settings.check(workers >= 0, "workers", workers, "1 or more, or 0 for one per processor");
    Settings.check(threads > 0, "threads", threads, "1 or more");
    Settings.check(headTokens >= 0, "headTokens", headTokens, "0 for all, or how many");
    Settings.check(
        headTokens == 0 || lora != null,
        "headTokens",
        headTokens,
        "0 where full weights are trained");
    Settings.check(checkpointEvery > 0, "checkpointEvery", checkpointEvery, "1 or more tokens");
    Settings.check(evaluateEvery > 0, "evaluateEvery", evaluateEvery, "1 or more tokens");
  }

  /**
   * Reads options.
   *
   * @param given a JSON object
   * @throws IllegalArgumentException at an unknown member or a value that is none of those allowed
   */
  static TrainingOptions of(JsonNode given) {
    ObjectNode all = JSON.valueToTree(DEFAULTS);
    lay(given, all, "");
    try {
      return JSON.treeToValue(all, TrainingOptions.class);
    } catch (ValueInstantiationException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          e.getPath().isEmpty()
              ? e.getOriginalMessage()
              : e.getPath().get(0).getFieldName() + ": " + e.getOriginalMessage(),
          e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static void lay(JsonNode given, ObjectNode over, String path) {
    Settings.check(given.isObject(), path.isEmpty() ? "training" : path, given, "a JSON object");
    for (Map.Entry<String, JsonNode> member : given.properties()) {
      String name = member.getKey();
      JsonNode standard = over.get(name);
      if (standard == null) {
        throw new IllegalArgumentException(
            "no such setting: %s%s; there are %s"
                .formatted(path, name, ImmutableList.copyOf(over.fieldNames())));
      }
      if (standard.isObject() && !member.getValue().isNull()) {
        lay(member.getValue(), (ObjectNode) standard, name + ".");
      } else {
        over.set(name, member.getValue());
      }
    }
  }

  /** As JSON with every member. */
  ObjectNode toJson() {
    return JSON.valueToTree(this);
  }

  /** With one worker per processor if the number was left to the machine. */
  TrainingOptions resolved() {
    int count =
        workers == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / threads) : workers;
    return new TrainingOptions(
        lora,
        learningRate,
        finalLearningRate,
        warmup,
        tokens,
        decayTokens,
        tokensPerUpdate,
        beta1,
        beta2,
        epsilon,
        weightDecay,
        clip,
        count,
        threads,
        recompute,
        precision,
        headTokens,
        seed,
        checkpointEvery,
        evaluateEvery);
  }
}
