package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A LoRA adapter in the form that ONNX Runtime maps, made once of a folder as PEFT writes it
 * (adapter_config.json, adapter_model.safetensors) and kept in the cache folder under a name that
 * is a hash of its content: {@code y = W x + scale * B A x} with scale {@code alpha / r}, or {@code
 * alpha / sqrt(r)} for rsLoRA.
 *
 * <p>The form is onnxruntime's adapter_format.fbs (flatbuffers), whose parameters are the graph's
 * optional inputs. Where the graph has several matrices as one, their adapters are stacked; equal
 * {@code A}s of neighbours are kept once. Where it has one matrix as several, each gets its rows of
 * {@code B}.
 */
final class AdapterFile {
  private static final int FLOAT = OnnxGraph.ElementType.FLOAT.code;
  private static final String PREFIX = "base_model.model.";
  private static final String CONFIG = "adapter_config.json";

  /** Changes with every change of what is written. */
  private static final String REVISION = "adapter 1 ";

  private AdapterFile() {}

  /**
   * The file for this adapter and layout, made if it is not there.
   *
   * @throws ModelFileException if the folder holds no LoRA adapter, one of an unsupported kind, or
   *     one for another model
   */
  static Path of(Path folder, WeightLayout layout, Path cacheDirectory) {
    Path configFile = folder.resolve(CONFIG);
    if (!Files.exists(configFile)) {
      throw new ModelFileException(
          folder, "has no adapter_config.json; name a folder as PEFT's save_pretrained writes it");
    }
    try {
      String key = key(folder, layout, new ContentHashes(cacheDirectory));
      Path file = cacheDirectory.resolve(key + ".onnx_adapter");
      if (!Files.exists(file)) {
        byte[] bytes = converted(folder, configFile, layout);
        WholeFile.write(file, partial -> Files.write(partial, bytes));
      }
      return file;
    } catch (IOException e) {
      throw new ModelFileException(
          folder,
          "cannot be kept in the cache folder "
              + cacheDirectory
              + ": "
              + e
              + "; free disk space or choose another one with -Dalpha.umi.cache=FOLDER",
          e);
    }
  }

  private static String key(Path folder, WeightLayout layout, ContentHashes hashes)
      throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(REVISION + layout.matrices(), StandardCharsets.UTF_8);
    hasher.putBytes(Files.readAllBytes(folder.resolve(CONFIG)));
    try (SafetensorsFiles tensors = SafetensorsFiles.open(folder)) {
      for (Path file : tensors.files()) {
        hasher.putBytes(hashes.of(file).asBytes());
      }
    }
    return hasher.hash().toString().substring(0, 32);
  }

  private static byte[] converted(Path folder, Path configFile, WeightLayout layout) {
    double scale = scale(Checkpoint.readJson(configFile), configFile);
    try (SafetensorsFiles tensors = SafetensorsFiles.open(folder)) {
      Set<String> unused = new HashSet<>(tensors.names());
      List<Parameter> parameters = new ArrayList<>();
      for (WeightLayout.Matrix matrix : layout.matrices()) {
        addParameters(matrix, tensors, scale, unused, parameters);
      }
      if (!unused.isEmpty()) {
        throw new ModelFileException(
            folder,
            "has tensors that do not belong to this model's linear layers: "
                + unused.stream().sorted().limit(3).toList());
      }
      return serialize(parameters);
    }
  }

  private static double scale(JsonNode config, Path file) {
    require(config, file, "peft_type", "LORA");
    require(config, file, "bias", "none");
    for (String key : new String[] {"fan_in_fan_out", "use_dora"}) {
      if (config.path(key).asBoolean(false)) {
        throw new ModelFileException(file, "\"" + key + "\" is true, which is not supported");
      }
    }
    for (String key :
        new String[] {
          "rank_pattern",
          "alpha_pattern",
          "modules_to_save",
          "layer_replication",
          "alora_invocation_tokens"
        }) {
      if (!config.path(key).isEmpty()) {
        throw new ModelFileException(file, "\"" + key + "\" is set, which is not supported");
      }
    }
    int r = config.path("r").asInt(0);
    if (r <= 0 || !config.path("lora_alpha").isNumber()) {
      throw new ModelFileException(file, "needs positive \"r\" and a number \"lora_alpha\"");
    }
    double alpha = config.get("lora_alpha").asDouble();
    return config.path("use_rslora").asBoolean(false) ? alpha / Math.sqrt(r) : alpha / r;
  }

  private static void require(JsonNode config, Path file, String key, String only) {
    String value = config.path(key).asText(only);
    if (!value.equals(only)) {
      throw new ModelFileException(
          file, "\"" + key + "\" is \"" + value + "\"; supported is " + only);
    }
  }

  private record Parameter(String name, int rows, int columns, float[] values) {}

  /** The pair of low-rank factors of one tensor: {@code a [r, in]}, {@code b [out, r]}. */
  private record Factors(int firstRow, int rank, int out, float[] a, float[] b) {}

  private static void addParameters(
      WeightLayout.Matrix matrix,
      SafetensorsFiles tensors,
      double scale,
      Set<String> unused,
      List<Parameter> parameters) {
    List<Factors> parts = new ArrayList<>();
    int firstRow = 0;
    for (WeightLayout.Part part : matrix.parts()) {
      String name = part.tensor();
      String module = PREFIX + name.substring(0, name.length() - ".weight".length());
      String nameA = module + ".lora_A.weight";
      String nameB = module + ".lora_B.weight";
      if (tensors.has(nameA) || tensors.has(nameB)) {
        unused.remove(nameA);
        unused.remove(nameB);
        // Of a pair that is not whole, the one that is asked for says that it is missing.
        parts.add(factors(tensors.tensor(nameA), tensors.tensor(nameB), firstRow, part, matrix));
      }
      firstRow += part.rows();
    }
    if (!parts.isEmpty()) {
      stack(matrix, parts, scale, parameters);
    }
  }

  private static Factors factors(
      TensorData a,
      TensorData b,
      int firstRow,
      WeightLayout.Part part,
      WeightLayout.Matrix matrix) {
    int out = part.tensorRows();
    if (a.shape().length != 2 || a.shape()[1] != matrix.columns()) {
      throw a.broken(
          "has the shape "
              + Arrays.toString(a.shape())
              + ", but this model needs [rank, "
              + matrix.columns()
              + "]; the adapter was made for another model");
    }
    int rank = (int) a.shape()[0];
    if (b.shape().length != 2 || b.shape()[0] != out || b.shape()[1] != rank) {
      throw b.broken(
          "has the shape "
              + Arrays.toString(b.shape())
              + ", but this model needs ["
              + out
              + ", "
              + rank
              + "]; the adapter was made for another model");
    }
    float[] valuesA = new float[(int) a.elements()];
    a.readFloats(0, valuesA, 0, valuesA.length);
    float[] valuesB = new float[part.rows() * rank];
    b.readFloats((long) part.firstRow() * rank, valuesB, 0, valuesB.length);
    return new Factors(firstRow, rank, part.rows(), valuesA, valuesB);
  }

  private static void stack(
      WeightLayout.Matrix matrix, List<Factors> parts, double scale, List<Parameter> parameters) {
    int[] firstRank = new int[parts.size()];
    int rank = 0;
    for (int i = 0; i < parts.size(); i++) {
      boolean same = i > 0 && Arrays.equals(parts.get(i).a(), parts.get(i - 1).a());
      firstRank[i] = same ? firstRank[i - 1] : rank;
      rank = Math.max(rank, firstRank[i] + parts.get(i).rank());
    }
    float[] a = new float[matrix.columns() * rank];
    float[] b = new float[rank * matrix.rows()];
    for (int i = 0; i < parts.size(); i++) {
      Factors part = parts.get(i);
      for (int r = 0; r < part.rank(); r++) {
        for (int in = 0; in < matrix.columns(); in++) {
          a[in * rank + firstRank[i] + r] = part.a()[r * matrix.columns() + in];
        }
        for (int out = 0; out < part.out(); out++) {
          b[(firstRank[i] + r) * matrix.rows() + part.firstRow() + out] =
              (float) (scale * part.b()[out * part.rank() + r]);
        }
      }
    }
    parameters.add(new Parameter(matrix.name() + ".lora_A", matrix.columns(), rank, a));
    parameters.add(new Parameter(matrix.name() + ".lora_B", rank, matrix.rows(), b));
  }

  /** Table Adapter {format_version, adapter_version, model_version, parameters}, id TORT. */
  private static byte[] serialize(List<Parameter> parameters) {
    long bytes = parameters.stream().mapToLong(p -> 4L * p.values().length + 256).sum();
    FlatBufferBuilder builder = new FlatBufferBuilder(Math.toIntExact(bytes + 1024));
    int[] offsets = new int[parameters.size()];
    for (int i = 0; i < offsets.length; i++) {
      Parameter parameter = parameters.get(i);
      ByteBuffer raw = builder.createUnintializedVector(1, 4 * parameter.values().length, 8);
      raw.asFloatBuffer().put(parameter.values());
      int data = builder.endVector();
      builder.startVector(8, 2, 8);
      builder.addLong(parameter.columns());
      builder.addLong(parameter.rows());
      int shape = builder.endVector();
      int name = builder.createString(parameter.name());
      builder.startTable(4);
      builder.addOffset(0, name, 0);
      builder.addOffset(1, shape, 0);
      builder.addInt(2, FLOAT, 0);
      builder.addOffset(3, data, 0);
      offsets[i] = builder.endTable();
    }
    builder.startVector(4, offsets.length, 4);
    for (int i = offsets.length - 1; i >= 0; i--) {
      builder.addOffset(offsets[i]);
    }
    int vector = builder.endVector();
    builder.startTable(4);
    builder.addInt(0, 1, 0);
    builder.addInt(1, 1, 0);
    builder.addInt(2, 1, 0);
    builder.addOffset(3, vector, 0);
    builder.finish(builder.endTable(), "TORT");
    return builder.sizedByteArray();
  }
}
