package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lists of lines, one file a list: names, texts, words of the world and of requests. */
final class ValueLists {
  private final Map<String, List<String>> lists;

  ValueLists(Map<String, List<String>> lists) {
    this.lists = Map.copyOf(lists);
  }

  /** The lists in this library's jar. */
  static ValueLists load() {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (String folder : List.of("values", "wording")) {
      read(folder)
          .forEach(
              (file, lines) ->
                  lists.put(
                      file,
                      lines.stream()
                          .map(String::strip)
                          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                          .toList()));
    }
    return new ValueLists(lists);
  }

  /** All lines of the text files in a folder of the world, by the files' names without ending. */
  static Map<String, List<String>> read(String folder) {
    URL world = ValueLists.class.getResource("README.md");
    if (world == null) {
      throw new AlphaUmiException("the world's files are not on the class path; build them in");
    }
    try {
      URI uri = world.toURI();
      if (!"jar".equals(uri.getScheme())) {
        return read(Path.of(uri).resolveSibling(folder));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return read(jar.provider().getPath(uri).resolveSibling(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, List<String>> read(Path folder) throws IOException {
    Map<String, List<String>> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".txt")) {
          files.put(name.substring(0, name.length() - ".txt".length()), Files.readAllLines(file));
        }
      }
    }
    return files;
  }

  List<String> of(String file) {
    List<String> list = lists.get(file);
    if (list == null) {
      throw new IllegalArgumentException("there is no list '" + file + "' but " + lists.keySet());
    }
    return list;
  }
}
