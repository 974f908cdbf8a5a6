package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data stage1}. */
@Command(
    name = "stage1",
    description = "Raw ToolBench answer files to one record a task.",
    mixinStandardHelpOptions = true)
final class Stage1Command extends BatchCommand {
  @Option(
      names = "--answers",
      required = true,
      arity = "1..*",
      description = "folders of answers: G1_answer and so on, or the folder that holds them")
  private List<String> answers = List.of();

  @Option(
      names = "--test-ids",
      description = "folder of the test sets' query ids; answers to those are left out")
  private @Nullable Path testIds;

  @Option(names = "--out", required = true, description = "file to write")
  private Path out = Path.of("");

  @Option(
      names = "--pool-test-ids",
      description = "an id of any group counts for all, though ids are numbered per group")
  private boolean pool;

  @Option(
      names = "--as-published",
      description = "by the published code's rules, faults included (implies --pool-test-ids)")
  private boolean published;

  @Override
  void work() throws IOException {
    List<String> folders = new ArrayList<>();
    for (String folder : answers) {
      folders.addAll(groups(folder));
    }
    TestIds ids = testIds == null ? TestIds.none() : TestIds.read(testIds, pool || published);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("asPublished", published);
    settings.put("testIds", testIds == null ? "none" : testIds.toString());
    settings.put("poolTestIds", pool || published);
    run(settings, Inputs.find(folders), List.of(out), step(ids, published));
  }

  private static StepSource step(TestIds ids, boolean published) {
    return () -> new Stage1(ids, published);
  }

  /** The answer folders in a folder, group by group; the folder itself if it has none. */
  private static List<String> groups(String folder) throws IOException {
    Path path = Path.of(folder);
    if (!Files.isDirectory(path)) {
      return List.of(folder);
    }
    try (Stream<Path> members = Files.list(path)) {
      List<String> groups =
          members
              .filter(Files::isDirectory)
              .filter(member -> member.getFileName().toString().endsWith("_answer"))
              .sorted()
              .map(Path::toString)
              .toList();
      return groups.isEmpty() ? List.of(folder) : groups;
    }
  }
}
