package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.onnx.OnnxModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a model's files say of it. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Print what a model's files say of it, without loading the weights.")
final class ModelInspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder or a .gguf file.")
  private Path model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> facts = OnnxModel.inspect(model);
    if (json) {
      out.println(new ObjectMapper().valueToTree(facts).toString());
    } else {
      facts.forEach((key, value) -> out.printf("%-28s %s%n", key, value));
    }
    return 0;
  }
}
