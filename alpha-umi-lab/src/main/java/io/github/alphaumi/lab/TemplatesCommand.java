package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code umi data templates}: the wording of prompts is not ours to ship, but who has training
 * files has their prompts; this takes the templates out of them again, as a prompt format that
 * drives models which were trained on them.
 */
@Command(
    name = "templates",
    description = "Takes the prompt templates out of role files, as a prompt format file.",
    mixinStandardHelpOptions = true)
final class TemplatesCommand extends LabCommand {
  private static final int COMPARED = 20;

  @Option(
      names = "--roles-dir",
      required = true,
      description = "folder with train_planner.json and the others, in the published form")
  private Path rolesDir = Path.of("");

  @Option(names = "--out", required = true, description = "prompt format file to write")
  private Path out = Path.of("");

  @Override
  void work() throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    for (String file : RoleSample.FILES) {
      String role = file.substring("train_".length(), file.length() - ".json".length());
      templates.put(role, template(role, rolesDir.resolve(file)));
    }
    if (Files.exists(out)) {
      throw new AlphaUmiException("output " + out + " exists; delete it or choose another name");
    }
    Map<String, Object> format = new LinkedHashMap<>();
    format.put("name", out.getFileName().toString().replaceFirst("\\.json$", ""));
    format.put("toolDocuments", "json");
    format.put("beforeToolName", "");
    format.put("templates", templates);
    format.put("turns", Published.turnForms());
    format.put("stops", List.of(Published.END));
    format.put("maxTokens", Map.of("planner", 512, "caller", 512, "summarizer", 512));
    Files.writeString(out, PythonJson.writeAscii(format, 2) + "\n");
    PromptFormat.load(out);
    console().out().println("wrote " + out);
  }

  private static String template(String role, Path file) throws IOException {
    @Nullable String template = null;
    try (RecordReader reader =
        new RecordReader(new HashedFile(file).content(), Inputs.form(file), 1 << 26)) {
      for (int i = 0; i < COMPARED; i++) {
        RecordReader.Raw raw = reader.next();
        if (raw == null) {
          break;
        }
        String found = unfilled(role, Fields.parse(raw.bytes()));
        if (!found.contains("{history}")) {
          // A give-up of the published backbone file: it has the prompt of another step.
          continue;
        }
        if (template != null && !template.equals(found)) {
          throw new AlphaUmiException(file + ": record " + i + " has another template");
        }
        template = found;
      }
    } catch (BadRecordException e) {
      throw new AlphaUmiException(file + ": " + e.getMessage(), e);
    }
    if (template == null) {
      throw new AlphaUmiException(
          file + " has no record whose prompt holds its tools and history in the published form");
    }
    return template;
  }

  /** The prompt with the slots in the place of what filled them, the largest first. */
  private static String unfilled(String role, Map<String, @Nullable Object> sample)
      throws BadRecordException {
    List<Map<String, @Nullable Object>> tools = Fields.objects(sample, Conversation.TOOLS);
    List<Turn> history = Turn.read(Fields.objects(sample, "history"));
    String text = Fields.text(sample, "input");
    text = text.replace(Published.document(tools), "{doc}");
    List<Turn> prompted = role.equals("backbone") ? Published.merged(history) : history;
    text = text.replace(Published.history(prompted), "{history}");
    if (role.equals("caller")) {
      text = text.replace(history.get(history.size() - 1).value(), "{thought}");
    }
    return text.replace(String.join(", ", ToolRecord.names(tools)), "{tool_names}");
  }
}
