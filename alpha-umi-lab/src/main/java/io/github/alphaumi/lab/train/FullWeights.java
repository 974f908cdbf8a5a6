package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** All weights of a model are learnt. */
final class FullWeights implements Trainable {

  /** What a model's folder has beside the weights, where it has it. */
  private static final List<String> COMPANIONS =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "tokenizer.model",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "chat_template.jinja",
          "generation_config.json");

  private final Path base;
  private final ModelParameters parameters;
  private final Weights weights;

  /**
   * @param base folder of the model
   * @throws IllegalArgumentException if it is none
   */
  FullWeights(Path base, ModelParameters parameters, Precision precision) {
    if (!Files.exists(base.resolve("config.json"))) {
      throw new IllegalArgumentException(
          base
              + " has no config.json, so that full weights could not be written as a model; name a"
              + " Hugging Face folder, or train an adapter (\"lora\")");
    }
    this.base = base;
    this.parameters = parameters;
    weights = parameters.weights((layer, kind, matrix) -> new Matrix(matrix, precision));
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public Tensor values() {
    return parameters.values();
  }

  @Override
  public void apply() {
    for (Weights.Layer layer : weights.layers()) {
      layer.matrices().forEach(Matrix::changed);
    }
  }

  @Override
  public Optional<Tensor> rateFactors() {
    return Optional.empty();
  }

  @Override
  public List<Span> decaying() {
    return parameters.slots().stream()
        .filter(slot -> slot.rows() > 0)
        .map(slot -> new Span(slot.offset(), slot.size()))
        .toList();
  }

  @Override
  public Gradients gradients(Tensor sums) {
    return new Sums(sums);
  }

  private final class Sums implements Gradients {
    private final Tensor sums;
    private final Tensor embedding;
    private final Tensor head;

    Sums(Tensor sums) {
      this.sums = sums;
      embedding = parameters.piece(sums, ModelParameters.EMBEDDING);
      head =
          parameters.shape().tiedHead() ? embedding : parameters.piece(sums, ModelParameters.HEAD);
    }

    @Override
    public int lowestLayer() {
      return 0;
    }

    @Override
    public void matrix(int layer, Matrix.Kind kind, Tensor in, Tensor out) {
      Tensors.multiply(parameters.matrix(sums, layer, kind), out.t(), in, 1, 1);
    }

    @Override
    public boolean everything() {
      return true;
    }

    @Override
    public void vector(Vector vector, int layer, Tensor gradient) {
      Tensor sum =
          switch (vector) {
            case ATTENTION_NORM -> norm(layer, "input_layernorm.weight");
            case MLP_NORM -> norm(layer, "post_attention_layernorm.weight");
            case FINAL_NORM -> parameters.piece(sums, ModelParameters.FINAL_NORM);
            case BIAS -> parameters.biases(sums, layer);
          };
      sum.add_(gradient);
    }

    private Tensor norm(int layer, String name) {
      return parameters.piece(sums, ModelParameters.name(layer, name));
    }

    @Override
    public void head(Tensor in, Tensor out) {
      Tensors.multiply(head, out.t(), in, 1, 1);
    }

    @Override
    public void embedding(Tensor ids, Tensor gradient) {
      embedding.index_add_(0, ids, gradient);
    }
  }

  @Override
  public void write(Path folder) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode config = (ObjectNode) json.readTree(base.resolve("config.json").toFile());
    config.remove("torch_dtype");
    config.put("dtype", "float32");
    Files.writeString(
        folder.resolve("config.json"),
        json.writerWithDefaultPrettyPrinter().writeValueAsString(config));
    for (String name : COMPANIONS) {
      if (Files.exists(base.resolve(name))) {
        Files.copy(base.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"),
        parameters.slots().stream()
            .map(
                slot ->
                    new SafetensorsWriter.Entry(
                        slot.name(), slot.shape(), parameters.values(), slot.offset()))
            .toList());
  }
}
