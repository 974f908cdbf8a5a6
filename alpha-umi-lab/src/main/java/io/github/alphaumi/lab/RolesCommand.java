package io.github.alphaumi.lab;

import io.github.alphaumi.core.PromptFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data roles}. */
@Command(
    name = "roles",
    description =
        "Conversations to training sets: train_planner.json, train_caller.json,"
            + " train_summarizer.json and train_backbone.json.",
    mixinStandardHelpOptions = true)
final class RolesCommand extends BatchCommand {
  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      description = "files of stage 2, or folders of them")
  private List<String> in = List.of();

  @Option(names = "--out-dir", required = true, description = "folder to write to")
  private Path outDir = Path.of("");

  @Option(names = "--format", defaultValue = "alpha-umi", description = Formats.DESCRIPTION)
  private String format = "alpha-umi";

  @Option(
      names = "--without-reuse",
      description =
          "each task is learnt either by the backbone or by the roles, as in the paper's"
              + " ablation; the default is by both")
  private boolean withoutReuse;

  @Option(
      names = "--as-published",
      description =
          "by the published code's rules, faults included; with the --format that 'umi data"
              + " templates' takes from the published files, byte for byte")
  private boolean published;

  @Override
  void work() throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("asPublished", published);
    settings.put("format", format);
    settings.put(
        "formatSha256",
        Files.exists(Path.of(format)) ? Hashes.of(Files.readString(Path.of(format))) : "built in");
    settings.put("withoutReuse", withoutReuse);
    run(
        settings,
        Inputs.find(in),
        RoleSample.FILES.stream().map(outDir::resolve).toList(),
        step(everywhere(format), published, withoutReuse));
  }

  /** A format's file by a name that holds in other processes, too. */
  private static String everywhere(String format) {
    Path file = Path.of(format);
    return Files.exists(file) ? file.toAbsolutePath().toString() : format;
  }

  private static StepSource step(String format, boolean published, boolean withoutReuse) {
    return () -> {
      PromptFormat prompts = Formats.of(format);
      return published ? new PublishedRoles(prompts) : new RoleFiles(prompts, !withoutReuse);
    };
  }
}
