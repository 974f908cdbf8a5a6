package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mean of adapters, value by value: a model soup (arXiv 2203.05482). It is worth a try for
 * adapters of one descent, such as one and the one that its training went on from, and often better
 * than either; adapters that were drawn apart have nothing to be averaged.
 */
public final class AdapterAverage {
  private AdapterAverage() {}

  /**
   * Writes the mean, in half precision.
   *
   * @param adapters two or more folders as PEFT or {@code umi train} writes them, of one form
   * @param out a folder that is not there yet; it appears when it is complete
   * @throws AlphaUmiException if the adapters differ in form, or the folder is there
   */
  public static void write(List<Path> adapters, Path out) throws IOException {
    if (adapters.size() < 2) {
      throw new AlphaUmiException("an average is of two adapters or more, not " + adapters.size());
    }
    if (Files.exists(out)) {
      throw new AlphaUmiException(out + " is there already; name another folder, or delete it");
    }
    Path first = adapters.get(0);
    JsonNode form = form(first);
    Map<String, ModelWeights.Tensor> shapes = tensors(first);
    Map<String, float[]> sums = new TreeMap<>();
    for (Path adapter : adapters) {
      Map<String, ModelWeights.Tensor> tensors = tensors(adapter);
      if (!form(adapter).equals(form) || !tensors.keySet().equals(shapes.keySet())) {
        throw new AlphaUmiException(
            "%s and %s are adapters of different rank, scale or matrices; average those of one training and what went on from it"
                .formatted(first, adapter));
      }
      tensors.forEach(
          (name, tensor) -> {
            if (!Arrays.equals(tensor.shape(), shapes.get(name).shape())) {
              throw new AlphaUmiException(
                  "%s of %s has the shape %s, in %s it is %s: they were made for different models"
                      .formatted(
                          name,
                          adapter,
                          Arrays.toString(tensor.shape()),
                          first,
                          Arrays.toString(shapes.get(name).shape())));
            }
            float[] values = tensor.values();
            float[] sum = sums.computeIfAbsent(name, key -> new float[values.length]);
            for (int i = 0; i < values.length; i++) {
              sum[i] += values[i] / adapters.size();
            }
          });
    }
    Path partial = out.resolveSibling(out.getFileName() + ".partial");
    Natives.load(1);
    LoraAdapter.writeHalves(first, shapes, sums::get, partial);
    Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What decides how the values are used. */
  private static JsonNode form(Path adapter) throws IOException {
    Path file = adapter.resolve(LoraAdapter.CONFIG);
    if (!Files.exists(file)) {
      throw new AlphaUmiException(file + " is missing; name folders of adapters in PEFT's form");
    }
    JsonNode config = new ObjectMapper().readTree(file.toFile());
    ObjectNode form = new ObjectMapper().createObjectNode();
    form.set("rank", config.path("r"));
    form.set("alpha", config.path("lora_alpha"));
    form.set("rslora", config.path("use_rslora"));
    return form;
  }

  private static Map<String, ModelWeights.Tensor> tensors(Path adapter) {
    try {
      return new TreeMap<>(ModelWeights.adapter(adapter));
    } catch (IllegalArgumentException e) {
      throw new AlphaUmiException("adapter " + adapter + ": " + e.getMessage(), e);
    }
  }
}
