package io.github.alphaumi.lab.train;

import io.github.alphaumi.lab.train.Gradients.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A decoder of the llama family over one pack at a time. Several threads may use it at once, as
 * long as nobody changes the weights.
 */
@SuppressWarnings("try") // A scope is there to be closed.
final class Network {
  private final Weights weights;
  private final boolean recompute;
  private final int headTokens;

  /**
   * @param recompute whether layers are computed again for their gradients instead of kept
   * @param headTokens as in {@link TrainingOptions}
   */
  Network(Weights weights, boolean recompute, int headTokens) {
    this.weights = weights;
    this.recompute = recompute;
    this.headTokens = headTokens;
  }

  /**
   * Adds the gradients of the sum of a pack's weighted losses.
   *
   * @return that sum
   */
  double learn(Pack pack, Gradients gradients) {
    try (PointerScope scope = new PointerScope()) {
      PackLayout layout = new PackLayout(pack, weights);
      Tensor hidden = weights.embedding().index_select(0, layout.tokens());
      int lowest = gradients.lowestLayer();
      List<Tensor> inputs = new ArrayList<>();
      List<LayerPass> passes = new ArrayList<>();
      for (int i = 0; i < weights.layers().size(); i++) {
        inputs.add(hidden);
        if (i < lowest || recompute) {
          hidden = forward(i, layout, hidden, scope);
        } else {
          LayerPass pass = new LayerPass(weights, i, layout, hidden, true);
          passes.add(pass);
          hidden = pass.result();
        }
      }
      Tensor gradient = Tensors.zeros(hidden.size(0), hidden.size(1));
      double loss;
      try (PointerScope inner = new PointerScope()) {
        loss = learnHead(pack, hidden, gradient, gradients);
      }
      for (int i = weights.layers().size() - 1; i >= lowest; i--) {
        try (PointerScope inner = new PointerScope()) {
          LayerPass pass =
              recompute
                  ? new LayerPass(weights, i, layout, inputs.get(i), true)
                  : passes.get(i - lowest);
          pass.backward(gradient, gradients);
        }
      }
      if (gradients.everything()) {
        gradients.embedding(layout.tokens(), gradient);
      }
      return loss;
    }
  }

  private Tensor forward(int layer, PackLayout layout, Tensor in, PointerScope scope) {
    try (PointerScope inner = new PointerScope()) {
      Tensor result = new LayerPass(weights, layer, layout, in, false).result();
      scope.attach(result);
      return result;
    }
  }

  /** The last hidden states, {@code [length, hidden]}. */
  private Tensor forward(PackLayout layout, PointerScope scope) {
    Tensor hidden = weights.embedding().index_select(0, layout.tokens());
    for (int i = 0; i < weights.layers().size(); i++) {
      hidden = forward(i, layout, hidden, scope);
    }
    return hidden;
  }

  private double learnHead(Pack pack, Tensor hidden, Tensor gradient, Gradients gradients) {
    Targets targets = new Targets(pack);
    Tensor places = Tensors.of(targets.places());
    RmsNorm norm = norm(hidden.index_select(0, places));
    Tensor ofNormed = Tensors.empty(targets.count(), weights.shape().hiddenSize());
    Head head =
        headTokens == 0
            ? Head.whole(weights.head())
            : Head.of(weights.head(), targets.tokensWith(headTokens));
    double loss = head.learn(norm.y(), targets, ofNormed, gradients);
    if (gradients.everything()) {
      gradients.vector(Vector.FINAL_NORM, weights.layers().size(), norm.weightGradient(ofNormed));
    }
    Tensor ofHidden = Tensors.zeros(targets.count(), weights.shape().hiddenSize());
    norm.backward(ofNormed, ofHidden);
    gradient.index_copy_(0, places, ofHidden);
    return loss;
  }

  private RmsNorm norm(Tensor hidden) {
    return new RmsNorm(hidden, weights.finalNorm(), weights.shape().rmsEpsilon());
  }

  /**
   * What the network predicts at all places.
   *
   * @return logits, {@code [length, vocabulary]}
   */
  float[] logits(Pack pack) {
    try (PointerScope scope = new PointerScope()) {
      Tensor hidden = forward(new PackLayout(pack, weights), scope);
      return Tensors.floats(norm(hidden).y().mm(weights.head().t()));
    }
  }

  /**
   * Counts of a pack's turns.
   *
   * @param loss sum of the targets' losses, unweighted
   * @param targets how many these are
   */
  record Score(double loss, long targets, SortedMap<String, Evaluation.Counts> roles) {}

  Score score(Pack pack) {
    Targets targets = new Targets(pack);
    try (PointerScope scope = new PointerScope()) {
      Tensor hidden = forward(new PackLayout(pack, weights), scope);
      Tensor normed = norm(hidden.index_select(0, Tensors.of(targets.places()))).y();
      Head.Prediction prediction = Head.whole(weights.head()).predict(normed, targets);
      SortedMap<String, Evaluation.Counts> roles = new TreeMap<>();
      int at = 0;
      for (Pack.Turn turn : pack.turns()) {
        int right = 0;
        int length = turn.to() - turn.from();
        while (right < length && prediction.right()[at + right]) {
          right++;
        }
        Evaluation.Counts counts =
            new Evaluation.Counts(
                1, right == length ? 1 : 0, right >= Math.min(length, turn.decisive()) ? 1 : 0);
        roles.merge(turn.role(), counts, Evaluation.Counts::plus);
        at += length;
      }
      return new Score(prediction.loss(), targets.count(), roles);
    }
  }
}
