package io.github.alphaumi.lab.train;

import io.github.alphaumi.lab.train.Gradients.Vector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One layer over one pack, forward and back. The gradients of its matrices, norms and gates are
 * written out: frozen weights need none, and what adapters need are products of what is there
 * anyway. Attention's are PyTorch's.
 */
final class LayerPass {
  private final Weights weights;
  private final int index;
  private final Weights.Layer layer;
  private final RmsNorm attentionNorm;
  private final Attention attention;
  private final RmsNorm mlpNorm;
  private final Tensor gateUp;
  private final Tensor gated;
  private final Tensor result;

  /**
   * @param in hidden states, {@code [length, hidden]}
   * @param learning whether {@link #backward} will be called
   */
  LayerPass(Weights weights, int index, PackLayout pack, Tensor in, boolean learning) {
    this.weights = weights;
    this.index = index;
    layer = weights.layers().get(index);
    float epsilon = weights.shape().rmsEpsilon();
    attentionNorm = new RmsNorm(in, layer.attentionNorm(), epsilon);
    Tensor queryKeyValue = layer.queryKeyValue().forward(attentionNorm.y());
    Tensor bias = layer.bias();
    if (bias != null) {
      queryKeyValue.add_(bias);
    }
    attention = new Attention(weights.shape(), pack, queryKeyValue, learning);
    Tensor attended = layer.output().forward(attention.result(), in);
    mlpNorm = new RmsNorm(attended, layer.mlpNorm(), epsilon);
    gateUp = layer.gateUp().forward(mlpNorm.y());
    gated = torch.silu(gate(gateUp)).mul_(up(gateUp));
    result = layer.down().forward(gated, attended);
  }

  private Tensor gate(Tensor both) {
    return Tensors.columns(both, 0, weights.shape().intermediateSize());
  }

  private Tensor up(Tensor both) {
    int size = weights.shape().intermediateSize();
    return Tensors.columns(both, size, size);
  }

  Tensor result() {
    return result;
  }

  /**
   * @param gradient of the result; what it becomes is the gradient of what came in
   */
  void backward(Tensor gradient, Gradients gradients) {
    gradients.matrix(index, Matrix.Kind.DOWN, gated, gradient);
    Tensor ofGated = layer.down().backward(gradient);
    Tensor ofGateUp = Tensors.empty(gateUp.size(0), gateUp.size(1));
    torch.mul_out(up(ofGateUp), ofGated, torch.silu(gate(gateUp)));
    torch.silu_backward_out(gate(ofGateUp), ofGated.mul_(up(gateUp)), gate(gateUp));
    gradients.matrix(index, Matrix.Kind.GATE_UP, mlpNorm.y(), ofGateUp);
    back(mlpNorm, Vector.MLP_NORM, layer.gateUp().backward(ofGateUp), gradient, gradients);

    gradients.matrix(index, Matrix.Kind.OUTPUT, attention.result(), gradient);
    Tensor ofQueryKeyValue = attention.backward(layer.output().backward(gradient));
    gradients.matrix(index, Matrix.Kind.QUERY_KEY_VALUE, attentionNorm.y(), ofQueryKeyValue);
    if (layer.bias() != null && gradients.everything()) {
      gradients.vector(Vector.BIAS, index, ofQueryKeyValue.sum(0L));
    }
    if (gradients.everything() || index > gradients.lowestLayer()) {
      Tensor ofNormed = layer.queryKeyValue().backward(ofQueryKeyValue);
      back(attentionNorm, Vector.ATTENTION_NORM, ofNormed, gradient, gradients);
    }
  }

  private void back(
      RmsNorm norm, Vector vector, Tensor ofNormed, Tensor gradient, Gradients gradients) {
    if (gradients.everything()) {
      gradients.vector(vector, index, norm.weightGradient(ofNormed));
    }
    norm.backward(ofNormed, gradient);
  }
}
