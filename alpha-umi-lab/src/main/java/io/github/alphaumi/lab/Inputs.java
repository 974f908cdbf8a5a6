package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that a command reads: those named, and those of its forms in folders that are named.
 */
final class Inputs {
  private static final List<String> ENDINGS = List.of(".json", ".jsonl", ".json.gz", ".jsonl.gz");

  /** A run's log; {@link io.github.alphaumi.core.Journal#files} writes it. */
  private static final String JOURNAL = ".journal";

  private Inputs() {}

  /**
   * The JSON files.
   *
   * @param names files and folders; one name may hold several, parted by commas
   * @throws AlphaUmiException if there is none, or one is named twice
   */
  static List<Path> find(List<String> names) throws IOException {
    return find(names, ENDINGS);
  }

  /** The same with the logs of runs. */
  static List<Path> findRuns(List<String> names) throws IOException {
    List<String> endings = new ArrayList<>(ENDINGS);
    endings.add(JOURNAL);
    return find(names, endings);
  }

  private static List<Path> find(List<String> names, List<String> endings) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : names.stream().flatMap(Inputs::parts).toList()) {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        files.addAll(under(path, endings));
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        throw new AlphaUmiException("input " + path + " does not exist");
      }
    }
    if (files.isEmpty()) {
      throw new AlphaUmiException("no input: " + names + " hold no file " + endings);
    }
    Set<Path> seen = new HashSet<>();
    for (Path file : files) {
      if (!seen.add(file.toRealPath())) {
        throw new AlphaUmiException("input " + file + " is named twice");
      }
    }
    return files;
  }

  /** A comma may also be part of a name. */
  private static Stream<String> parts(String name) {
    return Files.exists(Path.of(name))
        ? Stream.of(name)
        : Arrays.stream(name.split(",")).map(String::strip);
  }

  /** The JSON files by name, so that every machine has the same order. */
  static List<Path> under(Path folder) throws IOException {
    return under(folder, ENDINGS);
  }

  private static List<Path> under(Path folder, List<String> endings) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> isData(file, endings))
          .sorted()
          .toList();
    }
  }

  private static boolean isData(Path file, List<String> endings) {
    String name = file.getFileName().toString();
    // What a killed command left behind, and what stands beside its output, is no data.
    return endings.stream().anyMatch(name::endsWith)
        && !name.endsWith(Manifest.ENDING)
        && !name.endsWith(Checkpoint.ENDING);
  }

  static RecordReader.Form form(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(JOURNAL)) {
      return RecordReader.Form.FILE;
    }
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz")
        ? RecordReader.Form.LINE
        : RecordReader.Form.VALUE;
  }
}
