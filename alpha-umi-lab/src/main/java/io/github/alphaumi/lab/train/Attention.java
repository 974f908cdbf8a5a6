package io.github.alphaumi.lab.train;

import io.github.alphaumi.onnx.ModelWeights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Grouped-query attention of one layer over a pack, branch by branch: the shared beginning over
 * itself, each branch over the beginning and itself. What no token sees is so never computed; with
 * four branches behind a third of the pack this is two fifths of the whole square.
 */
final class Attention {
  private final ModelWeights.Shape shape;
  private final PackLayout pack;
  private final int rotated;
  private final Tensor result;
  private final List<Part> parts = new ArrayList<>();

  /** What automatic differentiation needs of one stretch of the pack. */
  private record Part(
      PackLayout.Stretch stretch, Tensor query, Tensor key, Tensor value, Tensor result) {}

  /**
   * @param queryKeyValue {@code [length, (heads + 2 * keyValueHeads) * headSize]}
   * @param learning whether {@link #backward} will be called
   */
  Attention(ModelWeights.Shape shape, PackLayout pack, Tensor queryKeyValue, boolean learning) {
    this.shape = shape;
    this.pack = pack;
    int headSize = shape.headSize();
    rotated = shape.heads() + shape.keyValueHeads();
    Tensor turned = Tensors.empty(pack.length(), rotated, 2, headSize / 2);
    rotate(
        queryKeyValue
            .narrow(1, 0, (long) rotated * headSize)
            .view(pack.length(), rotated, 2, headSize / 2),
        turned,
        1);
    Tensor heads = turned.view(pack.length(), rotated, headSize);
    Tensor values =
        queryKeyValue
            .narrow(1, (long) rotated * headSize, (long) shape.keyValueHeads() * headSize)
            .view(pack.length(), shape.keyValueHeads(), headSize);
    result = Tensors.empty(pack.length(), (long) shape.heads() * headSize);
    for (PackLayout.Stretch stretch : pack.stretches()) {
      Tensor query = leaf(queries(heads.narrow(1, 0, shape.heads()), stretch), learning);
      Tensor key =
          leaf(keys(heads.narrow(1, shape.heads(), shape.keyValueHeads()), stretch), learning);
      Tensor value = leaf(keys(values, stretch), learning);
      Tensor out = attend(stretch, query, key, value);
      queries(result.view(pack.length(), shape.heads(), headSize), stretch).copy_(out.detach());
      parts.add(new Part(stretch, query, key, value, out));
    }
  }

  private static Tensor leaf(Tensor view, boolean learning) {
    return view.detach().requires_grad_(learning);
  }

  private Tensor attend(PackLayout.Stretch stretch, Tensor query, Tensor own, Tensor ownValue) {
    Tensor key = own;
    Tensor value = ownValue;
    if (stretch.behindBeginning()) {
      key = Tensors.joined(parts.get(0).key(), own, 2);
      value = Tensors.joined(parts.get(0).value(), ownValue, 2);
    }
    long[] all = {group(), shape.keyValueHeads(), key.size(2), shape.headSize()};
    Tensor mask = stretch.mask();
    return torch.scaled_dot_product_attention(
        query,
        key.expand(all),
        value.expand(all),
        mask == null ? new TensorOptional() : new TensorOptional(mask),
        0,
        mask == null,
        new DoubleOptional(shape.attentionScale()),
        false);
  }

  private int group() {
    return shape.heads() / shape.keyValueHeads();
  }

  /** Of {@code [length, heads, headSize]} a stretch as {@code [group, keyValueHeads, n, size]}. */
  private Tensor queries(Tensor heads, PackLayout.Stretch stretch) {
    return Tensors.rows(heads, stretch.from(), stretch.length())
        .view(stretch.length(), shape.keyValueHeads(), group(), shape.headSize())
        .permute(2, 1, 0, 3);
  }

  /** As {@link #queries}, for what a group of heads shares. */
  private static Tensor keys(Tensor heads, PackLayout.Stretch stretch) {
    return Tensors.rows(heads, stretch.from(), stretch.length()).permute(1, 0, 2).unsqueeze(0);
  }

  /** {@code [length, heads * headSize]}. */
  Tensor result() {
    return result;
  }

  /**
   * The gradient of queries, keys and values.
   *
   * @param gradient of the result
   */
  Tensor backward(Tensor gradient) {
    int headSize = shape.headSize();
    Tensor heads = gradient.view(pack.length(), shape.heads(), headSize);
    for (Part part : parts) {
      part.result()
          .backward(
              queries(heads, part.stretch()),
              new BoolOptional(),
              false,
              new TensorArrayRefOptional());
    }
    Tensor all =
        Tensors.empty(pack.length(), (long) (shape.heads() + 2 * shape.keyValueHeads()) * headSize);
    Tensor turned = Tensors.empty(pack.length(), rotated, headSize);
    Tensor values =
        all.narrow(1, (long) rotated * headSize, (long) shape.keyValueHeads() * headSize)
            .view(pack.length(), shape.keyValueHeads(), headSize);
    for (Part part : parts) {
      queries(turned.narrow(1, 0, shape.heads()), part.stretch()).copy_(part.query().grad());
      keys(turned.narrow(1, shape.heads(), shape.keyValueHeads()), part.stretch())
          .copy_(part.key().grad());
      keys(values, part.stretch()).copy_(part.value().grad());
    }
    rotate(
        turned.view(pack.length(), rotated, 2, headSize / 2),
        all.narrow(1, 0, (long) rotated * headSize).view(pack.length(), rotated, 2, headSize / 2),
        -1);
    return all;
  }

  /**
   * Turns pairs by their position's angles.
   *
   * @param direction 1, or -1 for back
   */
  private void rotate(Tensor from, Tensor to, int direction) {
    Tensor first = from.select(2, 0);
    Tensor second = from.select(2, 1);
    torch
        .mul_out(to.select(2, 0), first, pack.cosines())
        .addcmul_(second, pack.sines(), new Scalar(-direction));
    torch
        .mul_out(to.select(2, 1), second, pack.cosines())
        .addcmul_(first, pack.sines(), new Scalar(direction));
  }
}
