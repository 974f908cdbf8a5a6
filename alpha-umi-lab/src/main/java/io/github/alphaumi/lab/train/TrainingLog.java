package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The log of a training: one JSON object a line, {@code kind} is {@code update} or {@code held}.
 */
final class TrainingLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final FileChannel out;

  /**
   * @param length what is behind so many bytes was logged after the checkpoint and will come again
   */
  TrainingLog(Path file, long length) throws IOException {
    out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    out.truncate(length);
    out.position(out.size());
  }

  void add(TrainingStep step) throws IOException {
    ObjectNode line = JSON.createObjectNode();
    line.put("kind", "update")
        .put("step", step.step())
        .put("tokens", step.tokens())
        .put("packs", step.packs())
        .put("loss", step.loss())
        .put("smoothedLoss", step.smoothedLoss())
        .put("learningRate", step.learningRate())
        .put("gradientNorm", step.gradientNorm())
        .put("tokensPerSecond", Math.round(step.tokensPerSecond() * 10) / 10.0);
    write(line);
  }

  void add(Evaluation evaluation) throws IOException {
    ObjectNode line = JSON.createObjectNode();
    line.put("kind", "held").put("tokens", evaluation.tokens()).put("loss", evaluation.loss());
    ObjectNode roles = line.putObject("roles");
    evaluation
        .roles()
        .forEach(
            (role, counts) ->
                roles
                    .putObject(role)
                    .put("turns", counts.turns())
                    .put("exact", counts.exact())
                    .put("decisive", counts.decisive()));
    write(line);
  }

  private void write(ObjectNode line) throws IOException {
    SafetensorsWriter.writeFully(
        out, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /** Bytes so far, all of them on the disk. */
  long length() throws IOException {
    out.force(true);
    return out.position();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
