package io.github.alphaumi.onnx;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ExecutionError;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextRequest;
import io.github.alphaumi.core.TextResponse;
import io.github.alphaumi.core.TextResponse.Finish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A language model in this process, on ONNX Runtime.
 *
 * <p>Loads a Hugging Face folder (config.json, *.safetensors, tokenizer.json) or one GGUF file;
 * LoRA adapters in PEFT form can be loaded with it and are chosen per request by {@link #adapter}.
 * Thread-safe: requests of several threads run side by side, token by token in turn. What prompts
 * have in common with earlier ones is not computed again.
 *
 * <p>Holds native memory until it is closed. Closing waits for the token at work; requests that are
 * not finished then fail with {@link IllegalStateException}, as does any use after it.
 */
public final class OnnxModel implements TextModel, AutoCloseable {
  private final Path path;
  private final ModelConfig config;
  private final WeightFormat format;
  private final int contextWindow;
  private final long bytesPerToken;
  private final ModelText text;
  private final @Nullable String chatTemplate;
  private final Decoder decoder;
  private final Map<String, LoraAdapter> adapters;
  private final Slots slots;
  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile boolean closed;

  private OnnxModel(Builder builder) {
    path = builder.path;
    format = builder.format;
    List<AutoCloseable> opened = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      config = checkpoint.config();
      contextWindow = Math.min(config.maxPositions(), builder.contextWindow);
      chatTemplate = checkpoint.chatTemplate().orElse(null);
      FutureTask<ModelText> loadingText = inBackground(() -> ModelText.load(checkpoint));
      opened.add(() -> closeLoaded(loadingText));
      inBackground(Ort::environment);
      WeightLayout layout = WeightLayout.of(checkpoint, format);
      Map<String, FutureTask<LoraAdapter>> loadingAdapters = new LinkedHashMap<>();
      builder.adapters.forEach(
          (name, folder) -> {
            FutureTask<LoraAdapter> loading = inBackground(() -> LoraAdapter.load(folder, layout));
            opened.add(() -> closeLoaded(loading));
            loadingAdapters.put(name, loading);
          });
      bytesPerToken = layout.bytesPerToken();
      Path weights = WeightFile.of(checkpoint, layout, builder.cacheDirectory);
      byte[] graph =
          DecoderGraph.write(
              checkpoint,
              layout,
              weights.getFileName().toString(),
              contextWindow,
              !builder.adapters.isEmpty());
      decoder = new Decoder(config, graph, weights.toAbsolutePath().getParent(), builder.threads);
      opened.add(decoder);
      adapters = new LinkedHashMap<>();
      loadingAdapters.forEach((name, loading) -> adapters.put(name, Futures.getUnchecked(loading)));
      slots = new Slots(config, contextWindow, builder.slots);
      text = Futures.getUnchecked(loadingText);
    } catch (UncheckedExecutionException | ExecutionError e) {
      closeAll(opened, e.getCause());
      Throwables.throwIfUnchecked(e.getCause());
      throw e;
    } catch (RuntimeException | Error e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /** Tokenizer, native library and adapters each take about as long to load as the graph does. */
  private static <T> FutureTask<T> inBackground(Callable<T> loading) {
    FutureTask<T> task = new FutureTask<>(loading);
    Thread thread = new Thread(task, "alpha-umi-load");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static void closeLoaded(FutureTask<? extends AutoCloseable> loading) throws Exception {
    try {
      Futures.getUnchecked(loading).close();
    } catch (UncheckedExecutionException | ExecutionError e) {
      // There is nothing to close; who needs what was loaded is told why it was not.
    }
  }

  private static void closeAll(List<AutoCloseable> opened, Throwable because) {
    for (AutoCloseable resource : opened) {
      try {
        resource.close();
      } catch (Exception e) {
        because.addSuppressed(e);
      }
    }
  }

  /** Loads a model with the defaults of the builder. */
  public static OnnxModel load(Path model) {
    return builder(model).build();
  }

  /**
   * @param model a Hugging Face folder or a GGUF file
   */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /**
   * What a model's files say of it, in order: shape, types of tensors, tokenizer, and the metadata
   * of a GGUF file. Loads no weights.
   *
   * @throws ModelFileException if there is no model that is supported
   */
  public static Map<String, String> inspect(Path model) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return checkpoint.facts();
    }
  }

  /** Where weights are kept in the form that is loaded: {@code alpha.umi.cache} or a default. */
  public static Path defaultCacheDirectory() {
    String chosen = System.getProperty("alpha.umi.cache");
    if (chosen != null) {
      return Path.of(chosen);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("alpha-umi");
  }

  /** Native objects that are open in this JVM, of all models together: 0 when all are closed. */
  public static long openNatives() {
    return Ort.open();
  }

  @Override
  public TextResponse complete(TextRequest request) {
    return complete(request, null, text.matcher(request.constraint()));
  }

  /**
   * As {@link #complete(TextRequest)}, under an adapter if one is named and held to a language if
   * one is given, instead of the request's constraint.
   */
  TextResponse complete(
      TextRequest request, @Nullable String adapter, Constraints.@Nullable Language language) {
    requireOpen();
    return complete(
        request,
        adapter == null ? null : loaded(adapter),
        language == null ? text.matcher(request.constraint()) : text.matcher(language));
  }

  /**
   * This model under one of its adapters. It shares everything else, is thread-safe, and is closed
   * with this model.
   *
   * @throws IllegalArgumentException if no adapter of that name was loaded
   */
  public TextModel adapter(String name) {
    LoraAdapter adapter = loaded(name);
    return new TextModel() {
      @Override
      public TextResponse complete(TextRequest request) {
        return OnnxModel.this.complete(request, adapter, text.matcher(request.constraint()));
      }

      @Override
      public int contextWindow() {
        return contextWindow;
      }
    };
  }

  private LoraAdapter loaded(String name) {
    LoraAdapter adapter = adapters.get(name);
    if (adapter == null) {
      throw new IllegalArgumentException(
          "adapter '" + name + "' is not loaded; loaded are " + adapters.keySet());
    }
    return adapter;
  }

  private TextResponse complete(
      TextRequest request, @Nullable LoraAdapter adapter, @Nullable ConstraintMatcher matcher) {
    requireOpen();
    int[] prompt = text.encode(request.prompt());
    if (prompt.length >= contextWindow) {
      return new TextResponse(
          "", Finish.CONTEXT_FULL, new ModelUse(prompt.length, 0, 0, Duration.ZERO, Duration.ZERO));
    }
    String owner = request.affinity() == null ? "" : request.affinity().runId();
    Slots.Slot slot = slots.acquire(adapter, prompt, owner, request.cancellation());
    if (slot == null) {
      return new TextResponse(
          "", Finish.CANCELLED, new ModelUse(prompt.length, 0, 0, Duration.ZERO, Duration.ZERO));
    }
    try {
      return new Generation(
              (ids, at, logits) -> run(ids, at, logits, adapter),
              text,
              request,
              slot,
              matcher,
              config,
              contextWindow - prompt.length)
          .run(prompt);
    } finally {
      slots.release(slot);
    }
  }

  private void run(int[] ids, Slots.Slot slot, float[] logits, @Nullable LoraAdapter adapter) {
    lock.lock();
    try {
      requireOpen();
      decoder
          .run(ids, slot.length, slot.cache, adapter == null ? null : adapter.runOptions())
          .get(0, logits);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int contextWindow() {
    return contextWindow;
  }

  /**
   * Bytes of weights that are read to write one token: the memory's bandwidth divided by it bounds
   * how many tokens a second can be written.
   */
  public long bytesPerToken() {
    return bytesPerToken;
  }

  /** What the model is called where nobody has named it: its file or folder. */
  String name() {
    String file = path.toAbsolutePath().normalize().getFileName().toString();
    return file.endsWith(".gguf") ? file.substring(0, file.length() - 5) : file;
  }

  /** The control token that ends a turn, as templates write it; empty if there is none. */
  String endToken() {
    return config.endTokens().stream()
        .min(Integer::compare)
        .map(text.tokenizer()::token)
        .orElse("");
  }

  /** The model's tokenizer; closed with the model. */
  public Tokenizer tokenizer() {
    return text.tokenizer();
  }

  /** The source of the chat template that came with the model. */
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(chatTemplate);
  }

  /** Names of the adapters that were loaded. */
  public Set<String> adapters() {
    return Set.copyOf(adapters.keySet());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model " + path + " is closed");
    }
  }

  /** Frees the model's memory. Later calls do nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        slots.close();
        adapters.values().forEach(LoraAdapter::close);
        decoder.close();
        text.close();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return path.getFileName() + " (" + format + ", window " + contextWindow + ")";
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final Path path;
    private final Map<String, Path> adapters = new LinkedHashMap<>();
    private WeightFormat format = WeightFormat.INT8;
    private int threads = Runtime.getRuntime().availableProcessors();
    private int contextWindow = 4096;
    private int slots = 4;
    private Path cacheDirectory = defaultCacheDirectory();

    private Builder(Path path) {
      this.path = path;
    }

    /** {@link WeightFormat#INT8} by default. */
    public Builder format(WeightFormat format) {
      this.format = format;
      return this;
    }

    /** Threads for one token's computation; as many as there are processors by default. */
    public Builder threads(int threads) {
      this.threads = positive(threads, "threads");
      return this;
    }

    /** Positions to use at most; 4,096 by default, never more than the model was made for. */
    public Builder contextWindow(int positions) {
      this.contextWindow = positive(positions, "contextWindow");
      return this;
    }

    /** Sequences that are kept, and requests that are served at a time; 4 by default. */
    public Builder slots(int slots) {
      this.slots = positive(slots, "slots");
      return this;
    }

    /** {@link OnnxModel#defaultCacheDirectory()} by default. */
    public Builder cacheDirectory(Path folder) {
      this.cacheDirectory = folder;
      return this;
    }

    /** Adds a LoRA adapter: a folder as PEFT writes it. */
    public Builder adapter(String name, Path folder) {
      if (adapters.put(name, folder) != null) {
        throw new IllegalStateException("adapter '" + name + "': added twice");
      }
      return this;
    }

    private static int positive(int value, String name) {
      if (value < 1) {
        throw new IllegalArgumentException(name + ": " + value + " is less than 1");
      }
      return value;
    }

    /**
     * Loads the model. The first time it writes the weights in the form that is loaded into the
     * cache folder; later loads map that file.
     *
     * @throws ModelFileException if the model or an adapter cannot be used
     * @throws io.github.alphaumi.core.AlphaUmiException if ONNX Runtime cannot be loaded
     */
    public OnnxModel build() {
      return new OnnxModel(this);
    }
  }
}
