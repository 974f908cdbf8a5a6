package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table of tensors of a safetensors file: a 64-bit length, that many bytes of JSON, then
 * the data. As the format demands, the tensors fill the data without gaps or overlaps.
 */
final class SafetensorsHeader {

  /** The limit of the format's own library. */
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final int MAX_TENSORS = 1 << 18;
  private static final int MAX_DIMENSIONS = 16;

  private static final Map<String, TensorType> DTYPES =
      Map.ofEntries(
          Map.entry("F32", TensorType.F32),
          Map.entry("F16", TensorType.F16),
          Map.entry("BF16", TensorType.BF16),
          Map.entry("F64", TensorType.F64),
          Map.entry("I64", TensorType.I64),
          Map.entry("I32", TensorType.I32),
          Map.entry("I16", TensorType.I16),
          Map.entry("I8", TensorType.I8),
          Map.entry("U64", TensorType.U64),
          Map.entry("U32", TensorType.U32),
          Map.entry("U16", TensorType.U16),
          Map.entry("U8", TensorType.U8),
          Map.entry("BOOL", TensorType.BOOL),
          Map.entry("F8_E4M3", TensorType.F8_E4M3),
          Map.entry("F8_E5M2", TensorType.F8_E5M2));

  private final MappedFile file;
  private final long dataStart;
  private final List<TensorData> tensors = new ArrayList<>();

  private SafetensorsHeader(MappedFile file, long dataStart) {
    this.file = file;
    this.dataStart = dataStart;
  }

  /** The tensors of a file, in the order of its header. */
  static List<TensorData> read(MappedFile file) {
    byte[] json = readJson(file);
    SafetensorsHeader header = new SafetensorsHeader(file, LENGTH_BYTES + json.length);
    ModelJson.readObject(file.path(), json, header::readMember);
    header.checkNoGaps();
    return header.tensors;
  }

  private static byte[] readJson(MappedFile file) {
    if (file.size() < LENGTH_BYTES) {
      throw new ModelFileException(
          file.path(), "has only %d bytes; get it again".formatted(file.size()));
    }
    long length = file.slice(0, LENGTH_BYTES).getLong();
    if (length < 2 || length > MAX_HEADER_BYTES || length > file.size() - LENGTH_BYTES) {
      throw new ModelFileException(
          file.path(),
          "announces a header of %s bytes, which must be 2 to %d and within the file of %d bytes%s"
              .formatted(
                  Long.toUnsignedString(length), MAX_HEADER_BYTES, file.size(), file.hint()));
    }
    ByteBuffer header = file.slice(LENGTH_BYTES, (int) length);
    byte[] json = new byte[(int) length];
    header.get(json);
    return json;
  }

  private void readMember(String name, JsonParser in) throws IOException {
    if (name.equals("__metadata__")) {
      in.skipChildren();
      return;
    }
    if (tensors.size() == MAX_TENSORS) {
      throw new ModelFileException(file.path(), "has more than " + MAX_TENSORS + " tensors");
    }
    tensors.add(readTensor(name, in));
  }

  private TensorData readTensor(String name, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw broken(name, "is not described by a JSON object");
    }
    String dtype = null;
    long[] shape = null;
    long[] range = null;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String member = in.currentName();
      in.nextToken();
      switch (member) {
        case "dtype" -> dtype = readText(name, in);
        case "shape" -> shape = readIntegers(name, in);
        case "data_offsets" -> range = readIntegers(name, in);
        default -> in.skipChildren();
      }
    }
    if (dtype == null || shape == null || range == null || range.length != 2) {
      throw broken(name, "needs a dtype, a shape and two data_offsets");
    }
    return locate(name, typeOf(name, dtype), shape, range[0], range[1]);
  }

  private TensorData locate(String name, TensorType type, long[] shape, long begin, long end) {
    if (begin < 0 || end < begin || end > file.size() - dataStart) {
      throw broken(
          name,
          "data_offsets [%d, %d] are not within the %d bytes of data; the file is truncated or corrupt, get it again"
              .formatted(begin, end, file.size() - dataStart));
    }
    TensorData tensor = new TensorData(file, name, type, shape, dataStart + begin);
    if (tensor.byteLength() != end - begin) {
      throw broken(
          name,
          "%s%s takes %d bytes, but its data_offsets [%d, %d] span %d"
              .formatted(
                  type, Arrays.toString(shape), tensor.byteLength(), begin, end, end - begin));
    }
    return tensor;
  }

  private TensorType typeOf(String name, String dtype) {
    TensorType type = DTYPES.get(dtype);
    if (type == null) {
      throw broken(
          name, "dtype '" + dtype + "' is not supported; F32, F16 and BF16 are, convert the model");
    }
    return type;
  }

  private String readText(String name, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw broken(name, "dtype is not a string");
    }
    return in.getText();
  }

  private long[] readIntegers(String name, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw broken(name, "'" + in.currentName() + "' is not an array");
    }
    long[] values = new long[MAX_DIMENSIONS];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT || count == MAX_DIMENSIONS) {
        throw broken(name, "shape and data_offsets must be at most 16 integers");
      }
      values[count++] = in.getLongValue();
    }
    return Arrays.copyOf(values, count);
  }

  private void checkNoGaps() {
    TensorTable.checkDisjoint(tensors);
    long end = dataStart;
    @Nullable TensorData previous = null;
    List<TensorData> byOffset = new ArrayList<>(tensors);
    byOffset.sort(
        Comparator.comparingLong(TensorData::offset).thenComparingLong(TensorData::byteLength));
    for (TensorData tensor : byOffset) {
      if (tensor.offset() != end) {
        throw tensor.broken(
            "begins %d bytes after %s; safetensors has no gaps, the file is corrupt"
                .formatted(
                    tensor.offset() - end,
                    previous == null ? "the header" : "the end of '" + previous.name() + "'"));
      }
      end = tensor.offset() + tensor.byteLength();
      previous = tensor;
    }
    if (end != file.size()) {
      throw new ModelFileException(
          file.path(),
          "has %d bytes after its last tensor; the file is corrupt, get it again"
              .formatted(file.size() - end));
    }
  }

  private ModelFileException broken(String name, String problem) {
    return new ModelFileException(file.path(), "tensor '" + name + "': " + problem);
  }
}
