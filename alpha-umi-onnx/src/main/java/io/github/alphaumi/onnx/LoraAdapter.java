package io.github.alphaumi.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoraAdapter;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;

/** A LoRA adapter that ONNX Runtime has mapped, and the run options under which it is active. */
final class LoraAdapter implements AutoCloseable {
  private final OrtLoraAdapter adapter;
  private final OrtSession.RunOptions runOptions;
  private boolean closed;

  private LoraAdapter(Path file) {
    Ort.environment();
    try {
      runOptions = new OrtSession.RunOptions();
    } catch (OrtException e) {
      throw Ort.failure("loading an adapter", e);
    }
    try {
      adapter = OrtLoraAdapter.create(file.toString());
      runOptions.addActiveLoraAdapter(adapter);
    } catch (OrtException e) {
      runOptions.close();
      throw Ort.failure("loading an adapter", e);
    }
    Ort.opened();
    Ort.opened();
  }

  /** Run options under which the adapter is active. */
  OrtSession.RunOptions runOptions() {
    return runOptions;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      runOptions.close();
      Ort.closed();
      adapter.close();
      Ort.closed();
    }
  }

  /**
   * @param folder as PEFT writes it
   * @throws ModelFileException as {@link AdapterFile#of}
   */
  static LoraAdapter load(Path folder, WeightLayout layout, Path cacheDirectory) {
    return new LoraAdapter(AdapterFile.of(folder, layout, cacheDirectory));
  }
}
