package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.onnx.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A low-rank adapter of a model (arXiv 2106.09685). The network computes with {@code W + scale * B
 * A}, made once per update: a product of a narrow matrix costs far more per operation than one of a
 * wide one, and per token there would be two more of them forward and two more back. The gradients
 * of A and B are those of the usual form.
 */
@SuppressWarnings("try") // A scope is there to be closed.
final class LoraAdapter implements Trainable {
  static final String CONFIG = "adapter_config.json";
  static final String TENSORS = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";

  private final Path base;
  private final LoraOptions options;
  private final ModelParameters parameters;
  private final Weights weights;
  private final Tensor values;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Integer, Map<Matrix.Kind, Group>> groupOf = new TreeMap<>();

  /**
   * The adapter of one matrix that is computed, which may be several of the model.
   *
   * @param inputs how many As there are, one above the other
   * @param offset of the first value: first the As, {@code [inputs * rank, columns]}, then the B of
   *     each part
   * @param merged what the network computes with
   */
  private record Group(
      int layer,
      Matrix.Kind kind,
      int inputs,
      long offset,
      List<Part> parts,
      int columns,
      Matrix merged) {}

  /**
   * Neighbouring rows with one B.
   *
   * @param input which of the As
   * @param offset of B, {@code [rows, rank]}
   */
  private record Part(List<Projection> projections, int input, int from, int rows, long offset) {}

  /**
   * A fresh adapter: A is drawn, B is 0, so that the network computes as the model.
   *
   * @param base where the model is, which is written into the adapter
   * @throws IllegalArgumentException if the options do not fit the model
   */
  LoraAdapter(
      Path base, ModelParameters parameters, LoraOptions options, Precision precision, long seed) {
    this.base = base;
    this.options = options;
    this.parameters = parameters;
    check();
    long[] size = {0};
    weights =
        parameters.weights(
            (layer, kind, matrix) -> {
              List<Projection> targets =
                  kind.projections().stream().filter(options.targets()::contains).toList();
              if (targets.isEmpty() || !options.adapts(layer)) {
                return new Matrix(matrix, precision);
              }
              Matrix merged = new Matrix(matrix.clone(), precision);
              add(layer, kind, targets, size, (int) matrix.size(1), merged);
              return merged;
            });
    values = Tensors.zeros(size[0]);
    draw(seed);
  }

  private void check() {
    ModelWeights.Shape shape = parameters.shape();
    int most = Math.min(shape.hiddenSize(), shape.intermediateSize());
    Settings.check(
        options.rank() <= most, "lora.rank", options.rank(), "at most " + most + " for this model");
    if (options.layers() != null) {
      for (int layer : options.layers()) {
        Settings.check(
            layer >= 0 && layer < shape.layers(),
            "lora.layers",
            options.layers(),
            "numbers from 0 to " + (shape.layers() - 1));
      }
    }
  }

  private void add(
      int layer,
      Matrix.Kind kind,
      List<Projection> targets,
      long[] size,
      int columns,
      Matrix merged) {
    int inputs = options.sharedInputs() ? 1 : targets.size();
    long offset = size[0];
    size[0] += (long) inputs * options.rank() * columns;
    List<Part> parts = new ArrayList<>();
    int row = 0;
    for (Projection projection : kind.projections()) {
      int rows = parameters.rows(layer, projection);
      if (targets.contains(projection)) {
        int input = options.sharedInputs() ? 0 : parts.size();
        Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (options.sharedInputs() && last != null && last.from() + last.rows() == row) {
          parts.set(parts.size() - 1, joined(last, projection, rows));
        } else {
          parts.add(new Part(List.of(projection), input, row, rows, size[0]));
        }
        size[0] += (long) rows * options.rank();
      }
      row += rows;
    }
    Group group = new Group(layer, kind, inputs, offset, List.copyOf(parts), columns, merged);
    groups.add(group);
    groupOf.computeIfAbsent(layer, key -> new EnumMap<>(Matrix.Kind.class)).put(kind, group);
  }

  private static Part joined(Part part, Projection next, int rows) {
    List<Projection> projections = new ArrayList<>(part.projections());
    projections.add(next);
    return new Part(
        List.copyOf(projections), part.input(), part.from(), part.rows() + rows, part.offset());
  }

  private void draw(long seed) {
    Random random = new Random(seed);
    for (Group group : groups) {
      float[] a = new float[group.inputs() * options.rank() * group.columns()];
      double deviation = 1 / Math.sqrt(group.columns());
      for (int i = 0; i < a.length; i++) {
        a[i] = (float) (deviation * random.nextGaussian());
      }
      try (PointerScope scope = new PointerScope()) {
        Tensors.put(values, group.offset(), a);
      }
    }
  }

  private Tensor inputs(Tensor row, Group group) {
    long rows = (long) group.inputs() * options.rank();
    return row.narrow(0, group.offset(), rows * group.columns()).view(rows, group.columns());
  }

  private Tensor input(Tensor row, Group group, Part part) {
    return Tensors.rows(inputs(row, group), (long) part.input() * options.rank(), options.rank());
  }

  private Tensor output(Tensor row, Part part) {
    return row.narrow(0, part.offset(), (long) part.rows() * options.rank())
        .view(part.rows(), options.rank());
  }

  private double scale() {
    return options.alpha() / options.rank();
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public Tensor values() {
    return values;
  }

  @Override
  public void apply() {
    for (Group group : groups) {
      try (PointerScope scope = new PointerScope()) {
        Tensor original = parameters.matrix(parameters.values(), group.layer(), group.kind());
        for (Part part : group.parts()) {
          torch.addmm_out(
              Tensors.rows(group.merged().weights(), part.from(), part.rows()),
              Tensors.rows(original, part.from(), part.rows()),
              output(values, part),
              input(values, group, part),
              new Scalar(1.0),
              new Scalar(scale()));
        }
        group.merged().changed();
      }
    }
  }

  @Override
  public Optional<Tensor> rateFactors() {
    if (options.rateRatio() == 1) {
      return Optional.empty();
    }
    Tensor factors = Tensors.zeros(values.numel());
    for (Group group : groups) {
      try (PointerScope scope = new PointerScope()) {
        inputs(factors, group).fill_(new Scalar(1));
        for (Part part : group.parts()) {
          output(factors, part).fill_(new Scalar(options.rateRatio()));
        }
      }
    }
    return Optional.of(factors);
  }

  @Override
  public List<Span> decaying() {
    return List.of(new Span(0, values.numel()));
  }

  @Override
  public Gradients gradients(Tensor sums) {
    return new Sums(sums);
  }

  private final class Sums implements Gradients {
    private final Tensor sums;

    Sums(Tensor sums) {
      this.sums = sums;
    }

    @Override
    public int lowestLayer() {
      return groups.get(0).layer();
    }

    @Override
    public void matrix(int layer, Matrix.Kind kind, Tensor in, Tensor out) {
      Map<Matrix.Kind, Group> ofLayer = groupOf.get(layer);
      Group group = ofLayer == null ? null : ofLayer.get(kind);
      if (group != null) {
        add(group, in, out);
      }
    }

    private void add(Group group, Tensor in, Tensor out) {
      int rank = options.rank();
      Tensor narrow = in.mm(inputs(values, group).t()).mul_(new Scalar(scale()));
      Tensor ofNarrow = Tensors.zeros(in.size(0), (long) group.inputs() * rank);
      for (Part part : group.parts()) {
        Tensor ofPart = Tensors.columns(out, part.from(), part.rows());
        long from = (long) part.input() * rank;
        Tensors.multiply(output(sums, part), ofPart.t(), Tensors.columns(narrow, from, rank), 1, 1);
        Tensors.multiply(
            Tensors.columns(ofNarrow, from, rank), ofPart, output(values, part), scale(), 1);
      }
      Tensors.multiply(inputs(sums, group), ofNarrow.t(), in, 1, 1);
    }

    @Override
    public boolean everything() {
      return false;
    }

    @Override
    public void vector(Vector vector, int layer, Tensor gradient) {
      throw new IllegalStateException(vector + " is not learnt");
    }

    @Override
    public void head(Tensor in, Tensor out) {
      throw new IllegalStateException("the head is not learnt");
    }

    @Override
    public void embedding(Tensor ids, Tensor gradient) {
      throw new IllegalStateException("embeddings are not learnt");
    }
  }

  private static String module(int layer, Projection projection) {
    return PREFIX + ModelParameters.name(layer, projection.module());
  }

  @Override
  public void write(Path folder) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode config = json.createObjectNode();
    config
        .put("peft_type", "LORA")
        .put("task_type", "CAUSAL_LM")
        .put("base_model_name_or_path", base.getFileName().toString())
        .put("r", options.rank())
        .put("lora_alpha", options.alpha())
        .put("lora_dropout", 0.0)
        .put("bias", "none")
        .put("inference_mode", true)
        .put("use_rslora", false)
        .put("fan_in_fan_out", false);
    options.targets().stream()
        .sorted()
        .map(target -> target.module().substring(target.module().indexOf('.') + 1))
        .forEach(config.putArray("target_modules")::add);
    if (options.layers() != null) {
      options.layers().stream().sorted().forEach(config.putArray("layers_to_transform")::add);
    }
    Files.writeString(
        folder.resolve(CONFIG), json.writerWithDefaultPrettyPrinter().writeValueAsString(config));
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    for (Group group : groups) {
      for (Part part : group.parts()) {
        addEntries(group, part, entries);
      }
    }
    SafetensorsWriter.write(folder.resolve(TENSORS), entries);
  }

  private void addEntries(Group group, Part part, List<SafetensorsWriter.Entry> entries) {
    int rank = options.rank();
    long a = group.offset() + (long) part.input() * rank * group.columns();
    long b = part.offset();
    for (Projection projection : part.projections()) {
      String module = module(group.layer(), projection);
      int rows = parameters.rows(group.layer(), projection);
      entries.add(
          new SafetensorsWriter.Entry(
              module + ".lora_A.weight", new long[] {rank, group.columns()}, values, a));
      entries.add(
          new SafetensorsWriter.Entry(
              module + ".lora_B.weight", new long[] {rows, rank}, values, b));
      b += (long) rows * rank;
    }
  }

  /**
   * Writes values in half precision, as an adapter of the form of another.
   *
   * @param form folder of the other
   * @param tensors the other's, by name
   * @param values of a tensor, by its name
   * @param folder made if it is not there
   */
  static void writeHalves(
      Path form,
      Map<String, ModelWeights.Tensor> tensors,
      Function<String, float[]> values,
      Path folder)
      throws IOException {
    Files.createDirectories(folder);
    Files.copy(form.resolve(CONFIG), folder.resolve(CONFIG), StandardCopyOption.REPLACE_EXISTING);
    try (PointerScope scope = new PointerScope()) {
      List<SafetensorsWriter.Entry> entries = new ArrayList<>();
      tensors.forEach(
          (name, tensor) -> {
            float[] row = values.apply(name);
            entries.add(
                new SafetensorsWriter.Entry(name, tensor.shape(), Tensors.of(row, row.length), 0));
          });
      SafetensorsWriter.writeHalves(folder.resolve(TENSORS), entries);
    }
  }

  /**
   * Takes the values of an adapter of the same form.
   *
   * @param folder as PEFT writes it
   * @throws IllegalArgumentException if the adapter is of another form than the options say
   */
  void read(Path folder) {
    checkConfig(folder);
    Map<String, ModelWeights.Tensor> tensors = new TreeMap<>(ModelWeights.adapter(folder));
    for (Group group : groups) {
      for (Part part : group.parts()) {
        read(group, part, tensors, folder);
      }
    }
    if (!tensors.isEmpty()) {
      throw new IllegalArgumentException(
          "the adapter %s has %s, which the options do not train; set lora.targets and lora.layers as it was made with"
              .formatted(folder, tensors.keySet().iterator().next()));
    }
  }

  private void checkConfig(Path folder) {
    Path file = folder.resolve(CONFIG);
    JsonNode config;
    try {
      config = new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + " cannot be read; name a folder as PEFT or umi train writes it: " + e, e);
    }
    double rank = config.path("r").asDouble();
    double root = config.path("use_rslora").asBoolean() ? Math.sqrt(rank) : rank;
    if (rank != options.rank() || config.path("lora_alpha").asDouble() / root != scale()) {
      throw new IllegalArgumentException(
          "the adapter %s has rank %d and alpha %s, the options have %d and %s; make them equal"
              .formatted(
                  folder,
                  (int) rank,
                  config.path("lora_alpha").asText(),
                  options.rank(),
                  options.alpha()));
    }
  }

  private void read(Group group, Part part, Map<String, ModelWeights.Tensor> tensors, Path folder) {
    int rank = options.rank();
    long b = part.offset();
    float @Nullable [] shared = null;
    for (Projection projection : part.projections()) {
      String module = module(group.layer(), projection);
      int rows = parameters.rows(group.layer(), projection);
      float[] a = take(tensors, module + ".lora_A.weight", folder, rank, group.columns());
      float[] values = take(tensors, module + ".lora_B.weight", folder, rows, rank);
      if (shared != null && !Arrays.equals(shared, a)) {
        throw new IllegalArgumentException(
            "the adapter %s has an A of its own for %s; set lora.sharedInputs to false"
                .formatted(folder, module));
      }
      shared = a;
      try (PointerScope scope = new PointerScope()) {
        Tensors.put(this.values, group.offset() + (long) part.input() * rank * group.columns(), a);
        Tensors.put(this.values, b, values);
      }
      b += (long) rows * rank;
    }
  }

  private static float[] take(
      Map<String, ModelWeights.Tensor> tensors, String name, Path folder, long... shape) {
    ModelWeights.Tensor tensor = tensors.remove(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          "the adapter %s has %s for %s; needed is the shape %s: it was made for another model or with other options"
              .formatted(
                  folder,
                  tensor == null ? "nothing" : "the shape " + Arrays.toString(tensor.shape()),
                  name,
                  Arrays.toString(shape)));
    }
    return tensor.values();
  }
}
