package io.github.alphaumi.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a model computes on: this machine's processor, or an NVIDIA GPU through ONNX Runtime's CUDA
 * provider. Immutable and thread-safe; two devices are equal if they name the same one, whatever
 * their explanations.
 *
 * <p>On a GPU keys, values and weights stay in its memory, activations are 16-bit floats, and
 * answers differ from the CPU's by their rounding. It needs {@code
 * com.microsoft.onnxruntime:onnxruntime_gpu} on the class path and the libraries of CUDA 12.
 */
public final class Device {
  private static final Logger LOG = LoggerFactory.getLogger(Device.class);

  /** The system property that {@link #auto()} asks first. */
  public static final String PROPERTY = "alpha.umi.device";

  private static final Device CPU = new Device(Kind.CPU, 0, "asked for");
  private static final Device AUTO = new Device(Kind.AUTO, 0, "chosen when a model is loaded");

  private enum Kind {
    AUTO,
    CPU,
    CUDA
  }

  private final Kind kind;
  private final int ordinal;
  private final String reason;

  private Device(Kind kind, int ordinal, String reason) {
    this.kind = kind;
    this.ordinal = ordinal;
    this.reason = reason;
  }

  /** This machine's processor. */
  public static Device cpu() {
    return CPU;
  }

  /**
   * A GPU, by its number among those that CUDA sees, from 0. Loading a model fails where it cannot
   * be used.
   */
  public static Device cuda(int ordinal) {
    if (ordinal < 0) {
      throw new IllegalArgumentException("ordinal: " + ordinal + " is less than 0");
    }
    return new Device(Kind.CUDA, ordinal, "asked for");
  }

  /**
   * What the system property {@value #PROPERTY} names, as {@link #parse} takes it. Without it, the
   * first GPU where one can be used, otherwise the CPU. Nothing of CUDA is touched before an NVIDIA
   * driver and the CUDA provider are found; {@link OnnxModel#device()} says what was chosen and
   * why.
   */
  public static Device auto() {
    return AUTO;
  }

  /**
   * @param name {@code auto}, {@code cpu}, {@code cuda}, which is the first GPU, or {@code cuda:N}
   */
  public static Device parse(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.matches("cuda(:\\d{1,3})?")) {
      return cuda(lower.length() > 4 ? Integer.parseInt(lower.substring(5)) : 0);
    }
    return switch (lower) {
      case "auto" -> AUTO;
      case "cpu" -> CPU;
      default ->
          throw new IllegalArgumentException(
              "device: '" + name + "' is none of auto, cpu, cuda and cuda:N");
    };
  }

  /** One line: the device and why it is this one. */
  public String explanation() {
    return this + ": " + reason;
  }

  /** Whether it is a GPU. */
  boolean isCuda() {
    return kind == Kind.CUDA;
  }

  int ordinal() {
    return ordinal;
  }

  /** What graphs compute in there. */
  ElementType activations() {
    return isCuda() ? ElementType.FLOAT16 : ElementType.FLOAT;
  }

  /**
   * The device that a model of this format is loaded on.
   *
   * @throws IllegalArgumentException if weights of this format cannot be used on the GPU asked for
   * @throws AlphaUmiException if the GPU asked for cannot be used
   */
  Device resolve(WeightFormat format) {
    Device wanted = kind == Kind.AUTO ? fromProperty() : this;
    Device device =
        switch (wanted.kind) {
          case CPU -> wanted;
          case CUDA -> wanted.required(format);
          case AUTO -> chosen(format);
        };
    LOG.info("device {}", device.explanation());
    return device;
  }

  private static Device fromProperty() {
    String name = System.getProperty(PROPERTY, "auto");
    try {
      Device device = parse(name);
      return new Device(device.kind, device.ordinal, "asked for by -D" + PROPERTY + "=" + name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("system property " + PROPERTY + ": " + e.getMessage(), e);
    }
  }

  private Device chosen(WeightFormat format) {
    String missing = Cuda.missing(0);
    if (missing != null) {
      return new Device(Kind.CPU, 0, missing);
    }
    String unsuitable = unsuitable(format);
    return unsuitable == null
        ? new Device(Kind.CUDA, 0, Cuda.describe(0))
        : new Device(Kind.CPU, 0, unsuitable);
  }

  private Device required(WeightFormat format) {
    String unsuitable = unsuitable(format);
    if (unsuitable != null) {
      throw new IllegalArgumentException("device " + this + ": " + unsuitable);
    }
    String missing = Cuda.missing(ordinal);
    if (missing != null) {
      throw new AlphaUmiException(
          "device " + this + " cannot be used: " + missing + "; or choose Device.cpu()");
    }
    return new Device(Kind.CUDA, ordinal, Cuda.describe(ordinal));
  }

  private static @Nullable String unsuitable(WeightFormat format) {
    return format == WeightFormat.FP32
        ? "FP32 weights are for the CPU, attention on CUDA takes 16-bit floats; choose FP16"
        : null;
  }

  /** Makes sessions compute here. */
  void addTo(OrtSession.SessionOptions options) throws OrtException {
    if (!isCuda()) {
      return;
    }
    // Shapes change with every prompt, so that a remembered pattern of memory would rarely fit.
    options.setMemoryPatternOptimization(false);
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(ordinal)) {
      // The cache is all that is large, and it never grows: doubling would take as much again.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      options.addCUDA(cuda);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Device device && kind == device.kind && ordinal == device.ordinal;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, ordinal);
  }

  /** As {@link #parse} takes it. */
  @Override
  public String toString() {
    return isCuda() ? "cuda:" + ordinal : kind.name().toLowerCase(Locale.ROOT);
  }
}
