package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inputs and outputs of a command that takes records from files to files. */
final class BatchFiles {
  private final String command;
  private final Map<String, Object> settings;
  private final List<Path> inputs;
  private final List<Path> outputs;
  private final List<Long> sizes = new ArrayList<>();
  private final List<String> stamps = new ArrayList<>();

  BatchFiles(String command, Map<String, Object> settings, List<Path> inputs, List<Path> outputs) {
    this.command = command;
    this.settings = settings;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  String command() {
    return command;
  }

  List<Path> inputs() {
    return inputs;
  }

  List<Path> outputs() {
    return outputs;
  }

  /** Remembers how the inputs look, and gives a hash that tells this work from any other. */
  String begin() throws IOException {
    for (Path input : inputs) {
      sizes.add(Files.size(input));
      stamps.add(stamp(input));
    }
    return Hashes.of(command + settings + inputs + outputs + stamps + Manifest.version());
  }

  /**
   * @throws AlphaUmiException if an output exists
   */
  void prepareOutputs() throws IOException {
    for (Path output : outputs) {
      if (Files.exists(output)) {
        throw new AlphaUmiException(
            "output " + output + " exists; delete it or choose another name");
      }
      createFolder(output.toAbsolutePath().getParent());
    }
  }

  private static void createFolder(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new AlphaUmiException(
          "output folder " + folder + " cannot be made: " + e.getFile() + " is a file", e);
    }
  }

  long size(int input) {
    return sizes.get(input);
  }

  long size() {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * @throws AlphaUmiException if the input is not what it was at the beginning
   */
  void checkUnchanged(int input) throws IOException {
    if (!stamp(inputs.get(input)).equals(stamps.get(input))) {
      throw new AlphaUmiException(
          "input " + inputs.get(input) + " changed while it was read; run again");
    }
  }

  void writeManifest(RecordWriter writer, Tally tally) {
    Map<String, Object> details = new LinkedHashMap<>(tally.report());
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("file", writer.target().getFileName().toString());
    output.put("records", writer.records());
    output.put("bytes", writer.bytes());
    output.put("sha256", writer.sha256());
    details.put("output", output);
    Manifest.write(writer.target(), command, settings, details);
  }

  /** Gives whole outputs their names. */
  void publish() throws IOException {
    for (Path output : outputs) {
      Path part = RecordWriter.part(output);
      if (Files.exists(part)) {
        Files.move(part, output, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** Tells a file that was changed from one that was not. */
  static String stamp(Path file) throws IOException {
    return Files.size(file) + "@" + Files.getLastModifiedTime(file);
  }
}
