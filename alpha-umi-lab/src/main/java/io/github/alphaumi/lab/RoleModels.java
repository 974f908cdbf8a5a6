package io.github.alphaumi.lab;

import io.github.alphaumi.core.Roles;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The three roles, wherever their models are. Holds native memory until it is closed. */
final class RoleModels implements AutoCloseable {
  private final Map<Path, OnnxRoles> loaded = new LinkedHashMap<>();
  private final Roles roles;

  private RoleModels(
      ModelOptions.ModelSpec planner,
      ModelOptions.ModelSpec caller,
      ModelOptions.ModelSpec summarizer,
      @Nullable String key) {
    try {
      roles =
          new Roles(
              of(planner, key).planner(),
              of(caller, key).caller(),
              of(summarizer, key).summarizer());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  static RoleModels open(
      ModelOptions.ModelSpec planner,
      ModelOptions.ModelSpec caller,
      ModelOptions.ModelSpec summarizer,
      @Nullable String key) {
    return new RoleModels(planner, caller, summarizer, key);
  }

  private Roles of(ModelOptions.ModelSpec model, @Nullable String key) {
    if (model.isRemote()) {
      return Roles.prompted(Endpoint.chat(model, key));
    }
    Path folder = Objects.requireNonNull(model.folder());
    return loaded.computeIfAbsent(folder, OnnxRoles::load).roles();
  }

  Roles roles() {
    return roles;
  }

  /** The base of the planner's model in this process; null if it is remote. */
  @Nullable OnnxModel base() {
    return loaded.values().stream().findFirst().map(OnnxRoles::base).orElse(null);
  }

  @Override
  public void close() {
    loaded.values().forEach(OnnxRoles::close);
  }
}
