package io.github.alphaumi.lab;

import dev.langchain4j.model.chat.ChatModel;
import io.github.alphaumi.core.AlphaUmiException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which models play the roles. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "FOLDER|URL#NAME",
      description =
          "all roles: a folder of role models, or a chat model of an OpenAI-compatible endpoint,"
              + " for example http://localhost:8000/v1#my-model")
  private @Nullable String model;

  @Option(
      names = "--planner",
      paramLabel = "FOLDER|URL#NAME",
      description = "another model for this role")
  private @Nullable String planner;

  @Option(
      names = "--caller",
      paramLabel = "FOLDER|URL#NAME",
      description = "another model for this role")
  private @Nullable String caller;

  @Option(
      names = "--summarizer",
      paramLabel = "FOLDER|URL#NAME",
      description = "another model for this role")
  private @Nullable String summarizer;

  @Option(
      names = "--key-variable",
      paramLabel = "NAME",
      defaultValue = "OPENAI_API_KEY",
      description = "environment variable that holds the endpoint's key; default ${DEFAULT-VALUE}")
  private String keyVariable = "OPENAI_API_KEY";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "questions asked at once; default 4 where all models are remote, otherwise 1")
  private int concurrency;

  boolean given() {
    return model != null || (planner != null && caller != null && summarizer != null);
  }

  /** Loads the models, each folder once. */
  RoleModels open() {
    return RoleModels.open(of(planner), of(caller), of(summarizer), key());
  }

  /** The one model that plays all roles by itself. */
  BackboneModel openBackbone() {
    if (model == null || planner != null || caller != null || summarizer != null) {
      throw new AlphaUmiException("a backbone is one model: name it by --model alone");
    }
    return BackboneModel.open(ModelSpec.read(model), key());
  }

  /** The one remote model as a chat model. */
  ChatModel openChat() {
    return Endpoint.chat(of(planner), key());
  }

  int atOnce() {
    if (concurrency < 0) {
      throw new AlphaUmiException("--concurrency " + concurrency + " is less than 1");
    }
    if (concurrency > 0) {
      return concurrency;
    }
    boolean remote =
        Stream.of(of(planner), of(caller), of(summarizer)).allMatch(ModelSpec::isRemote);
    return remote ? 4 : 1;
  }

  private ModelSpec of(@Nullable String role) {
    String spec = role == null ? model : role;
    if (spec == null) {
      throw new AlphaUmiException("no model: give --model, or one for each role");
    }
    return ModelSpec.read(spec);
  }

  private @Nullable String key() {
    return System.getenv(keyVariable);
  }

  /** The models as they were named. */
  @Override
  public String toString() {
    if (planner == null && caller == null && summarizer == null) {
      return String.valueOf(model);
    }
    return new ArrayList<>(List.of(of(planner), of(caller), of(summarizer))).toString();
  }

  /** Where a model is. */
  record ModelSpec(@Nullable Path folder, @Nullable String url, @Nullable String name) {

    static ModelSpec read(String text) {
      if (!text.startsWith("http://") && !text.startsWith("https://")) {
        return new ModelSpec(Path.of(text), null, null);
      }
      int hash = text.lastIndexOf('#');
      if (hash < 0 || hash + 1 == text.length()) {
        throw new AlphaUmiException(
            "model "
                + text
                + " does not say which of the endpoint's models; write "
                + text
                + (hash < 0 ? "#" : "")
                + "NAME");
      }
      return new ModelSpec(null, text.substring(0, hash), text.substring(hash + 1));
    }

    boolean isRemote() {
      return url != null;
    }

    @Override
    public String toString() {
      return isRemote() ? url + "#" + name : String.valueOf(folder);
    }
  }
}
