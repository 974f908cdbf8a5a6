package io.github.alphaumi.onnx;

import com.google.common.collect.Streams;
import io.github.alphaumi.onnx.WeightLayout.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a session looks for weights in.
 *
 * <p>ONNX Runtime is told one folder and takes only names of files below it, links followed. A
 * model's own files and the weight file may lie anywhere, so it is the innermost folder that has
 * all of them below it, down from the root if need be.
 */
final class WeightFolder {
  private final Path path;
  private final @Nullable Path weightFile;

  private WeightFolder(Path path, @Nullable Path weightFile) {
    this.path = path;
    this.weightFile = weightFile;
  }

  /** With the weight file in the cache folder, made if the layout needs one that is not there. */
  static WeightFolder of(Checkpoint checkpoint, WeightLayout layout, Path cacheDirectory) {
    Path weightFile =
        layout.size() == 0 ? null : real(WeightFile.of(checkpoint, layout, cacheDirectory));
    List<Path> files = new ArrayList<>();
    if (weightFile != null) {
      files.add(weightFile);
    }
    layout.sections().stream()
        .map(Section::source)
        .filter(Objects::nonNull)
        .distinct()
        .map(WeightFolder::real)
        .forEach(files::add);
    Path folder = files.get(0).getParent();
    for (Path file : files) {
      while (!file.startsWith(folder)) {
        folder = folder.getParent();
      }
    }
    return new WeightFolder(folder, weightFile);
  }

  /** Whether there is a folder that has all of these below it: not so on several drives. */
  static boolean canHold(List<Path> files, Path cacheDirectory) {
    Path root = cacheDirectory.toAbsolutePath().getRoot();
    return files.stream().allMatch(file -> real(file).startsWith(root));
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new ModelFileException(file, "cannot be found: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  /** The name of the file that a section lies in, as the graph gives it. */
  String nameOf(Section section) {
    Path file = section.source() == null ? weightFile : real(section.source());
    Path relative = path.relativize(Objects.requireNonNull(file));
    return Streams.stream(relative).map(Path::toString).collect(Collectors.joining("/"));
  }
}
