package io.github.alphaumi.lab;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.RunListener;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.onnx.OnnxRoles;
import io.github.alphaumi.tools.AnnotatedTools;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks an agent over anyone's tools. Exit code 0 if every question was answered. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Ask an agent whose tools are annotated Java methods.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FOLDER",
      description =
          "Role models: a Hugging Face folder or one with a .gguf file, with adapter/ or"
              + " adapters/{planner,caller,summarizer}/ in it, and format.json if the prompt"
              + " format is not the compact one.")
  private Path model;

  @Option(
      names = "--tools",
      required = true,
      paramLabel = "CLASS|JAR|DIR",
      description =
          "Where @Tool methods are: a class on the class path, or a jar or folder of classes, of"
              + " which all are taken that have such methods and a constructor without"
              + " parameters. May be repeated.")
  private List<String> tools = new ArrayList<>();

  @Option(names = "--steps", paramLabel = "N", description = "Calls at most (${DEFAULT-VALUE}).")
  private int steps = Budget.defaults().steps();

  @Option(names = "--yes", description = "Approve every call that needs approval.")
  private boolean yes;

  @Parameters(arity = "1..*", paramLabel = "QUESTION", description = "What to ask.")
  private List<String> questions = new ArrayList<>();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    AnnotatedTools.Builder toolbox = AnnotatedTools.builder();
    for (String source : tools) {
      ToolObjects.from(source).forEach(toolbox::add);
    }
    boolean answered = true;
    try (OnnxRoles roles = OnnxRoles.load(model)) {
      Agent.Builder agent =
          Agent.builder()
              .roles(roles.roles())
              .tools(toolbox.build())
              .budget(Budget.defaults().withSteps(steps))
              .approver(this::decide)
              .listener(RunListener.transcript(out::println));
      Agent built = agent.build();
      for (String question : questions) {
        AgentResult result = built.run(question);
        answered &= result.stopReason() == StopReason.ANSWERED;
      }
    }
    return answered ? 0 : 1;
  }

  private Approver.Answer decide(ToolCall call) {
    if (yes) {
      return Approver.Answer.yes();
    }
    Console console = System.console();
    if (console == null) {
      return Approver.Answer.no("nobody is at the terminal to approve it");
    }
    String answer = console.readLine("  approve   %s? [y/N] ", call);
    return answer != null && answer.strip().equalsIgnoreCase("y")
        ? Approver.Answer.yes()
        : Approver.Answer.no("the user did not approve it");
  }
}
