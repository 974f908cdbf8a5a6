package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What ONNX Runtime's profiler says of the operators that a few decoding steps ran. */
final class StepProfile {
  private static final int POSITIONS = 256;
  private static final int STEPS = 4;

  private final List<JsonNode> nodes = new ArrayList<>();

  private StepProfile() {}

  /** Of a model of 8-bit weights on this device, with the cache in its memory. */
  static StepProfile of(TinyModel tiny, Path folder, Device device) throws Exception {
    tiny.write(folder);
    StepProfile profile = new StepProfile();
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      ModelConfig config = checkpoint.config();
      ElementType activations = ElementType.FLOAT16;
      Path cache = folder.resolve("profiled");
      WeightLayout layout = WeightLayout.of(checkpoint, WeightFormat.INT8, activations, cache);
      WeightFolder weights = WeightFolder.of(checkpoint, layout, cache);
      byte[] graph = DecoderGraph.write(checkpoint, layout, weights, POSITIONS, false);
      device.addTo(options);
      options.enableProfiling(folder.resolve("profile").toString());
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", weights.path().toString());
      try (OrtSession session = Ort.environment().createSession(graph, options)) {
        profile.run(session, config, device);
        JsonNode events = new ObjectMapper().readTree(Path.of(session.endProfiling()).toFile());
        for (JsonNode event : events) {
          if (event.path("cat").asText().equals("Node") && event.path("args").has("op_name")) {
            profile.nodes.add(event.get("args"));
          }
        }
      }
    }
    return profile;
  }

  private void run(OrtSession session, ModelConfig config, Device device) throws Exception {
    KvCache.Shape shape =
        new KvCache.Shape(
            ElementType.FLOAT16,
            config.layers(),
            1,
            config.keyValueHeads(),
            POSITIONS,
            config.headSize());
    DeviceMemory.Place place =
        device.isCuda() ? DeviceMemory.Place.cuda(device.ordinal()) : DeviceMemory.Place.HOST;
    var ids = Ort.direct(8).asLongBuffer().put(0, 7);
    var last = Ort.direct(4).asIntBuffer();
    var total = Ort.direct(4).asIntBuffer();
    var rows = Ort.direct(8).asLongBuffer();
    var logits = Ort.direct(4L * config.vocabularySize()).asFloatBuffer();
    OnnxTensor[] tensors = {
      Ort.tensor(ids, 1, 1),
      Ort.tensor(last, 1),
      Ort.tensor(total),
      Ort.tensor(rows, 1),
      Ort.tensor(logits, 1, config.vocabularySize())
    };
    try (KvCache cache = KvCache.onDevice(shape, session, place)) {
      KvCache.View view = cache.view(0, 1);
      Map<String, OnnxTensor> inputs = new HashMap<>(view.inputs());
      Map<String, OnnxTensor> outputs = new HashMap<>(view.outputs());
      inputs.put("input_ids", tensors[0]);
      inputs.put("seqlens_k", tensors[1]);
      inputs.put("total_sequence_length", tensors[2]);
      inputs.put("out_rows", tensors[3]);
      outputs.put("logits", tensors[4]);
      for (int step = 0; step < STEPS; step++) {
        last.put(0, step);
        total.put(0, step + 1);
        session.run(inputs, Set.of(), outputs).close();
      }
    } finally {
      for (OnnxTensor tensor : tensors) {
        Ort.close(tensor);
      }
    }
  }

  /** Names of all operators that ran. */
  List<String> operators() {
    return nodes.stream().map(node -> node.get("op_name").asText()).toList();
  }

  /** What ran the nodes of an operator. */
  List<String> providers(String operator) {
    return nodes.stream()
        .filter(node -> node.get("op_name").asText().equals(operator))
        .map(node -> node.path("provider").asText())
        .toList();
  }
}
