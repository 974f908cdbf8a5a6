package io.github.alphaumi.onnx;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ExecutionError;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A language model in this process, on ONNX Runtime.
 *
 * <p>Loads a Hugging Face folder (config.json, *.safetensors, tokenizer.json) or one GGUF file; a
 * model without a tokenizer works in token ids only, see {@link #complete(int[], TextModel.Request,
 * String)}. LoRA adapters in PEFT form can be loaded with it and are chosen per request by {@link
 * #adapter}. Thread-safe: requests of several threads run side by side, and the next tokens of all
 * requests under one adapter are computed together. What prompts have in common with earlier ones,
 * or with each other, is not computed again.
 *
 * <p>Floats that the files have in the {@link WeightFormat} asked for are used where they lie; what
 * needs a change is written to the cache folder once. A model's files can be deleted, or replaced
 * by others, while it is open; they must not be written to or shortened.
 *
 * <p>Holds native memory until it is closed. Closing waits for the token at work; requests that are
 * not finished then fail with {@link IllegalStateException}, as does any use after it.
 */
public final class OnnxModel implements TextModel, AutoCloseable {
  private static final String RUNTIME = "onnxruntime";

  /** A slot that is full still needs a place for a token that nobody wants, see {@link Passes}. */
  private static final int SPARE_POSITIONS = 1;

  /** Logits that are held at a time when a text is scored: 64 MiB. */
  private static final int SCORED_LOGITS = 1 << 24;

  private final Path path;
  private final ModelConfig config;
  private final WeightFormat format;
  private final Device device;
  private final int contextWindow;
  private final int speculation;
  private final long bytesPerToken;
  private final ModelText text;
  private final @Nullable String chatTemplate;
  private final Map<String, LoraAdapter> adapters;
  private final Slots slots;
  private final Scheduler scheduler;
  private final Object closing = new Object();
  private volatile boolean closed;

  private OnnxModel(Builder builder) {
    path = builder.path;
    format = builder.format;
    speculation = builder.guesses();
    List<AutoCloseable> opened = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      config = checkpoint.config();
      device = builder.device.resolve(format);
      contextWindow = Math.min(config.maxPositions(), builder.contextWindow);
      chatTemplate = checkpoint.chatTemplate().orElse(null);
      FutureTask<ModelText> loadingText = inBackground(() -> ModelText.load(checkpoint));
      opened.add(() -> closeLoaded(loadingText));
      inBackground(Ort::environment);
      WeightLayout layout =
          WeightLayout.of(checkpoint, format, device.activations(), builder.cacheDirectory);
      Map<String, FutureTask<LoraAdapter>> loadingAdapters = new LinkedHashMap<>();
      builder.adapters.forEach(
          (name, folder) -> {
            FutureTask<LoraAdapter> loading =
                inBackground(() -> LoraAdapter.load(folder, layout, builder.cacheDirectory));
            opened.add(() -> closeLoaded(loading));
            loadingAdapters.put(name, loading);
          });
      bytesPerToken = layout.bytesPerToken();
      WeightFolder weights = WeightFolder.of(checkpoint, layout, builder.cacheDirectory);
      byte[] graph =
          DecoderGraph.write(
              checkpoint,
              layout,
              weights,
              contextWindow + SPARE_POSITIONS,
              !builder.adapters.isEmpty());
      Decoder decoder =
          new Decoder(
              config, graph, weights.path(), builder.threads, builder.slots, speculation, device);
      opened.add(decoder);
      checkpoint.requireUnchanged();
      KvCache cache = decoder.newCache(builder.slots, contextWindow + SPARE_POSITIONS);
      opened.add(cache);
      adapters = new LinkedHashMap<>();
      loadingAdapters.forEach((name, loading) -> adapters.put(name, Futures.getUnchecked(loading)));
      slots = new Slots(builder.slots, builder.queue);
      text = Futures.getUnchecked(loadingText);
      Passes passes = new Passes(decoder, cache, slots, builder.slots, config.vocabularySize());
      scheduler = new Scheduler(passes, name());
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

  /**
   * Writes the weights in the form that the CPU loads into a cache folder, ahead of the first load.
   * Does nothing if they are there.
   *
   * @return the file; empty if the model's own files have all weights in that form
   * @throws ModelFileException if there is no model that is supported
   */
  public static Optional<Path> quantize(Path model, WeightFormat format, Path cacheDirectory) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      WeightLayout layout =
          WeightLayout.of(checkpoint, format, Device.cpu().activations(), cacheDirectory);
      return layout.size() == 0
          ? Optional.empty()
          : Optional.of(WeightFile.of(checkpoint, layout, cacheDirectory));
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
  public TextModel.Response complete(TextModel.Request request) {
    requireOpen();
    return complete(
        text.encode(request.prompt()), request, null, text.matcher(request.constraint()));
  }

  /**
   * As {@link #complete(TextModel.Request)}, under an adapter if one is named and held to a
   * language if one is given, instead of the request's constraint.
   */
  TextModel.Response complete(
      TextModel.Request request,
      @Nullable String adapter,
      Constraints.@Nullable Language language) {
    requireOpen();
    return complete(
        text.encode(request.prompt()),
        request,
        adapter == null ? null : loaded(adapter),
        language == null ? text.matcher(request.constraint()) : text.matcher(language));
  }

  /**
   * As {@link #complete(TextModel.Request)}, with these tokens as the prompt instead of the
   * request's.
   *
   * <p>Any token can follow them, control tokens and such that the tokenizer does not have among
   * them; only the model's end tokens end the text. Control tokens are no part of its characters.
   *
   * @param prompt at least one; nothing is added to them
   * @param adapter null for the model without one
   * @throws IllegalArgumentException if there are no tokens, one is not in the vocabulary, or no
   *     adapter of that name was loaded
   */
  public TextModel.Response complete(
      int[] prompt, TextModel.Request request, @Nullable String adapter) {
    requireOpen();
    return complete(
        checked(prompt),
        text.inTokens(),
        request,
        adapter == null ? null : loaded(adapter),
        text.matcher(request.constraint()));
  }

  /**
   * How probable a text is to the model: what it thinks of each token after those before it.
   *
   * @param ids at most {@link #contextWindow()}
   * @param adapter null for the model without one
   * @return of each token but the first, in order
   * @throws IllegalArgumentException if there are no tokens or too many, one is not in the
   *     vocabulary, or no adapter of that name was loaded
   */
  public List<TokenScore> score(int[] ids, @Nullable String adapter) {
    requireOpen();
    int[] tokens = checked(ids);
    if (tokens.length > contextWindow) {
      throw new IllegalArgumentException(
          "ids: "
              + tokens.length
              + " tokens are more than the window of "
              + contextWindow
              + ": score the text in parts, or use a larger contextWindow");
    }
    LoraAdapter loaded = adapter == null ? null : loaded(adapter);
    Slots.Slot slot = slots.acquire(loaded, tokens, "", Cancellation.create());
    if (slot == null) {
      throw new AlphaUmiException("interrupted while waiting for a free slot");
    }
    Scheduler.Turn turn = scheduler.join(slot, loaded, Cancellation.create(), new float[0]);
    try {
      return score(tokens, turn);
    } finally {
      turn.leave();
      slots.release(slot);
    }
  }

  /** In parts: the logits of a long text's tokens would not fit. */
  private List<TokenScore> score(int[] ids, Scheduler.Turn turn) {
    int most = Math.max(1, SCORED_LOGITS / config.vocabularySize());
    List<TokenScore> scores = new ArrayList<>(ids.length - 1);
    turn.slot().rewind(0);
    for (int from = 0; from < ids.length - 1; from += most) {
      int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length - 1, from + most));
      float[][] logits = turn.runAll(part);
      if (logits == null) {
        throw new AlphaUmiException("interrupted while scoring a text");
      }
      for (int i = 0; i < part.length; i++) {
        scores.add(TokenScore.of(logits[i], ids[from + i + 1]));
      }
    }
    return scores;
  }

  private int[] checked(int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("ids: empty, so that there is nothing to continue");
    }
    for (int id : ids) {
      if (id < 0 || id >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "ids: " + id + " is not in the vocabulary of " + config.vocabularySize());
      }
    }
    return ids.clone();
  }

  /**
   * This model under one of its adapters. It shares everything else, is thread-safe, and is closed
   * with this model.
   *
   * <p>Keys and values are not shared across adapters: an adapter changes what a layer gives, and
   * so the keys of every layer above it; those of another adapter would be another model's. Roles
   * that share one adapter read a common prompt once, roles with adapters of their own read it once
   * each and then only what is added.
   *
   * @throws IllegalArgumentException if no adapter of that name was loaded
   */
  public TextModel adapter(String name) {
    LoraAdapter adapter = loaded(name);
    return new TextModel() {
      @Override
      public TextModel.Response complete(TextModel.Request request) {
        requireOpen();
        return OnnxModel.this.complete(
            text.encode(request.prompt()), request, adapter, text.matcher(request.constraint()));
      }

      @Override
      public TextModel.Name modelName() {
        return new TextModel.Name(RUNTIME, OnnxModel.this.name() + "/" + name);
      }

      @Override
      public int contextWindow() {
        return contextWindow;
      }

      @Override
      public int countTokens(String text) {
        return OnnxModel.this.countTokens(text);
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

  private TextModel.Response complete(
      int[] prompt,
      TextModel.Request request,
      @Nullable LoraAdapter adapter,
      @Nullable ConstraintMatcher matcher) {
    return complete(prompt, text, request, adapter, matcher);
  }

  private TextModel.Response complete(
      int[] prompt,
      ModelText text,
      TextModel.Request request,
      @Nullable LoraAdapter adapter,
      @Nullable ConstraintMatcher matcher) {
    if (prompt.length >= contextWindow) {
      return new TextModel.Response(
          "", Finish.CONTEXT_FULL, new ModelUse(prompt.length, 0, 0, Duration.ZERO, Duration.ZERO));
    }
    String owner = request.affinity() == null ? "" : request.affinity().runId();
    Slots.Slot slot = slots.acquire(adapter, prompt, owner, request.cancellation());
    if (slot == null) {
      return new TextModel.Response(
          "", Finish.CANCELLED, new ModelUse(prompt.length, 0, 0, Duration.ZERO, Duration.ZERO));
    }
    float[] logits = new float[config.vocabularySize()];
    Scheduler.Turn turn = scheduler.join(slot, adapter, request.cancellation(), logits);
    try {
      return new Generation(
              turn, text, request, matcher, config, contextWindow - prompt.length, speculation)
          .run(prompt);
    } finally {
      turn.leave();
      slots.release(slot);
    }
  }

  @Override
  public int contextWindow() {
    return contextWindow;
  }

  /** Exact. Control tokens count as such, as in the templates of prompts. */
  @Override
  public int countTokens(String text) {
    requireOpen();
    return this.text.tokenizer().encode(text).length;
  }

  /** Requests that wait for a slot. */
  int waiting() {
    return slots.waiting();
  }

  /** What it computes on; its {@link Device#explanation()} says why. */
  public Device device() {
    return device;
  }

  /** Its file or folder, run by {@code onnxruntime}. */
  @Override
  public TextModel.Name modelName() {
    return new TextModel.Name(RUNTIME, name());
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

  /**
   * The model's tokenizer; closed with the model.
   *
   * @throws ModelFileException if the model came without one, and so works in token ids only
   */
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
    synchronized (closing) {
      if (!closed) {
        closed = true;
        slots.close();
        scheduler.close();
        adapters.values().forEach(LoraAdapter::close);
        text.close();
      }
    }
  }

  @Override
  public String toString() {
    return path.getFileName() + " (" + format + ", window " + contextWindow + ")";
  }

  /** Not thread-safe. */
  public static final class Builder {
    private static final int MOST_SLOTS = 256;
    private static final int MOST_GUESSES = 8;
    private static final int GUESSES_ALONE = 3;

    private final Path path;
    private final Map<String, Path> adapters = new LinkedHashMap<>();
    private WeightFormat format = WeightFormat.INT8;
    private Device device = Device.auto();
    private int threads = Runtime.getRuntime().availableProcessors();
    private int contextWindow = 4096;
    private int slots = 4;
    private int queue = 256;
    private @Nullable Integer speculation;
    private Path cacheDirectory = defaultCacheDirectory();

    private Builder(Path path) {
      this.path = path;
    }

    /** {@link WeightFormat#INT8} by default. */
    public Builder format(WeightFormat format) {
      this.format = format;
      return this;
    }

    /**
     * {@link Device#auto()} by default.
     *
     * @see OnnxModel#device()
     */
    public Builder device(Device device) {
      this.device = device;
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

    /**
     * Sequences that are kept, and requests that are served at a time; 4 by default, 256 at most. A
     * slot takes memory for as many positions as its longest sequence had.
     */
    public Builder slots(int slots) {
      if (positive(slots, "slots") > MOST_SLOTS) {
        throw new IllegalArgumentException("slots: " + slots + " is more than " + MOST_SLOTS);
      }
      this.slots = slots;
      return this;
    }

    /**
     * Requests that may wait while all slots are in use; 256 by default. One more is refused with
     * {@link ModelBusyException}.
     */
    public Builder queue(int requests) {
      if (requests < 0) {
        throw new IllegalArgumentException("queue: " + requests + " is less than 0");
      }
      this.queue = requests;
      return this;
    }

    /**
     * Tokens to guess at a time from what the prompt and the text have in them already, and to
     * verify in one pass. Each token is still chosen as without guesses; where weights are not
     * floats, verification rounds a little differently, as the reading of a prompt does. By default
     * 3 with one slot, where it was measured to save a sixth of the time of role texts, and 0 with
     * more, where the next tokens of other requests make better use of a pass.
     */
    public Builder speculation(int tokens) {
      if (tokens < 0 || tokens > MOST_GUESSES) {
        throw new IllegalArgumentException(
            "speculation: " + tokens + " is not in 0.." + MOST_GUESSES);
      }
      this.speculation = tokens;
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

    private int guesses() {
      return speculation != null ? speculation : slots == 1 ? GUESSES_ALONE : 0;
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
