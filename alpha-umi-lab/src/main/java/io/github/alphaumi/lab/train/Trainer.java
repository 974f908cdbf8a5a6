package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.alphaumi.onnx.ModelWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network of the llama family, or an adapter of one. What it makes, its checkpoint and its
 * log are in one folder. It can be killed at any time: started again on the same folder it goes on
 * and ends with the very same bytes, as long as the number of workers and their threads is the
 * same.
 */
@SuppressWarnings("try") // A scope is there to be closed.
final class Trainer {

  /** Folder within the output of the adapter or the model that was made. */
  static final String RESULT = "model";

  static final String CHECKPOINT = "checkpoint";
  static final String LOG = "log.jsonl";
  static final String CURVE = "curve.svg";

  private final Path base;
  private final @Nullable Path start;
  private final TrainingOptions options;
  private final TrainingData data;
  private final Path output;
  private final TrainingListener listener;

  /**
   * @param base a model's folder or GGUF file
   * @param start folder of the adapter, or with full weights of the model, to start from; null: a
   *     fresh adapter, or the weights of the base
   * @param output folder for everything that is written; made if it is not there
   */
  Trainer(
      Path base,
      @Nullable Path start,
      TrainingOptions options,
      TrainingData data,
      Path output,
      TrainingListener listener) {
    this.base = base;
    this.start = start;
    this.options = options.resolved();
    this.data = data;
    this.output = output;
    this.listener = listener;
  }

  /**
   * Trains to the end, or goes on to it.
   *
   * @return folder of what was made
   * @throws IllegalArgumentException if something does not fit: options and model, or options, data
   *     or base and the training that is in the folder
   * @throws IllegalStateException if there are no natives for this machine, or the loss is no
   *     number any more
   */
  Path run() {
    Natives.load(options.threads());
    Natives.ofThisThread(options.threads());
    try (PointerScope scope = new PointerScope()) {
      Files.createDirectories(output);
      try (FileChannel channel =
              FileChannel.open(
                  output.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        return locked();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("in " + output + ": " + e.getMessage(), e);
    } finally {
      Natives.leaveThisThread();
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IllegalArgumentException(
          "another training writes to " + output + "; wait for it or use another folder");
    }
    return lock;
  }

  private Path locked() throws IOException {
    Path model = options.lora() == null && start != null ? start : base;
    try (ModelWeights file = ModelWeights.open(model)) {
      Trainable trainable = trainable(model, file);
      TrainingRun run = new TrainingRun(options, data, trainable, origin(file), output, listener);
      run.run();
    }
    return output.resolve(RESULT);
  }

  private Trainable trainable(Path model, ModelWeights file) {
    ModelParameters parameters = new ModelParameters(file, model);
    if (options.lora() == null) {
      return new FullWeights(model, parameters, options.precision());
    }
    LoraAdapter adapter =
        new LoraAdapter(base, parameters, options.lora(), options.precision(), options.seed());
    if (start != null) {
      adapter.read(start);
    }
    return adapter;
  }

  private ObjectNode origin(ModelWeights file) throws IOException {
    ObjectNode origin = new ObjectMapper().createObjectNode();
    options.toJson().properties().forEach(e -> origin.set(e.getKey(), e.getValue()));
    origin.put("base (SHA-256)", file.hash());
    if (start != null && options.lora() != null) {
      origin.put("start (SHA-256)", hash(start, options));
    }
    origin.put("data", data.identity());
    // As it will be read again: numbers of one type.
    return (ObjectNode) new ObjectMapper().readTree(origin.toString());
  }

  /** The SHA-256 of what training goes on from: an adapter's tensors, or all weights of a model. */
  static String hash(Path start, TrainingOptions options) throws IOException {
    if (options.lora() == null) {
      try (ModelWeights model = ModelWeights.open(start)) {
        return model.hash();
      }
    }
    Path tensors = start.resolve(LoraAdapter.TENSORS);
    return com.google.common.io.Files.asByteSource(tensors.toFile())
        .hash(Hashing.sha256())
        .toString();
  }

  /** Writes what was learnt so far; a reader never finds half of it. */
  static void write(Trainable trainable, Path output) throws IOException {
    Path partial = output.resolve(RESULT + ".partial");
    Path result = output.resolve(RESULT);
    delete(partial);
    Files.createDirectories(partial);
    trainable.write(partial);
    delete(result);
    Files.move(partial, result, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
