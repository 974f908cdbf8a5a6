package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.onnx.ChatTemplate;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the prompt that a model's chat template makes of a conversation, not a byte more. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = "Print the prompt that a model's chat template makes of a conversation.")
final class ModelRenderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "A Hugging Face folder, a .gguf file or a .jinja file.")
  private Path model;

  @Option(
      names = "--messages",
      required = true,
      paramLabel = "FILE",
      description = "A JSON array of messages, or an object with \"messages\" and \"tools\".")
  private Path messages;

  @Mixin private ConversationOptions conversation;

  @Option(
      names = "--generation-prompt",
      description = "End with the beginning of the assistant's next turn.")
  private boolean generationPrompt;

  @Option(names = "--json", description = "Print one JSON object: text.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String text = conversation.render(ChatTemplate.load(model), messages, generationPrompt);
    if (json) {
      out.println(new ObjectMapper().createObjectNode().put("text", text));
    } else {
      out.print(text);
    }
    out.flush();
    return 0;
  }
}
