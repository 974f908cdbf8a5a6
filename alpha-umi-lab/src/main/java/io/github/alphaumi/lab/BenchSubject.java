package io.github.alphaumi.lab;

import io.github.alphaumi.core.Role;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The model that is measured.
 *
 * @param model a Hugging Face folder, a .gguf file, or a folder with one and adapters
 * @param adapters by role; all equal where one adapter plays all roles, empty where there is none
 */
record BenchSubject(Path model, Map<Role, Path> adapters, WeightFormat format, int threads) {

  /**
   * @param adapter the adapter of all roles, or null for those in the model's folder
   */
  static BenchSubject of(
      Path model,
      @org.jspecify.annotations.Nullable Path adapter,
      WeightFormat format,
      int threads) {
    Map<Role, Path> adapters = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      Path own = model.resolve("adapters").resolve(name(role));
      Path one = adapter == null ? model.resolve("adapter") : adapter;
      if (adapter == null && Files.isDirectory(own)) {
        adapters.put(role, own);
      } else if (Files.isDirectory(one)) {
        adapters.put(role, one);
      }
    }
    return new BenchSubject(model, adapters, format, threads);
  }

  static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** The model with an adapter for each of these roles, as far as there are adapters. */
  OnnxModel load(int slots, List<Role> roles) {
    OnnxModel.Builder builder =
        OnnxModel.builder(model).format(format).threads(threads).slots(slots);
    for (Role role : roles) {
      Path adapter = adapters.get(role);
      if (adapter != null) {
        builder.adapter(name(role), adapter);
      }
    }
    return builder.build();
  }

  /** Whether all roles have the same weights, so that they share what they have read. */
  boolean oneAdapter() {
    return adapters.values().stream().distinct().count() == 1;
  }
}
