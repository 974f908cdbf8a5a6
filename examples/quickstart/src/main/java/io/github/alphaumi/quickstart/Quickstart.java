package io.github.alphaumi.quickstart;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunListener;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.embedded.EmbeddedModel;
import io.github.alphaumi.onnx.OnnxRoles;
import io.github.alphaumi.tools.AnnotatedTools;
import java.io.Console;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks an agent over the order service three questions, or those of the command line.
 *
 * <p>{@code -Dalpha.umi.model=FOLDER} takes another model than the embedded one.
 */
public final class Quickstart {
  static final List<String> QUESTIONS =
      List.of(
          "Where is my order A-4711?",
          "How much is shipping for 2.5 kg to France?",
          "How many pieces of SKU-300 are in stock and what is the total of order B-1001?");

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Quickstart() {}

  public static void main(String[] args) {
    List<String> questions = Stream.of(args).filter(question -> !question.isBlank()).toList();
    String folder = System.getProperty("alpha.umi.model", "");
    try (OnnxRoles model =
        folder.isBlank() ? EmbeddedModel.load() : OnnxRoles.load(Path.of(folder))) {
      OUT.printf("%s, loaded %,d ms after the JVM started%n", model.base(), sinceStart());
      for (String question : questions.isEmpty() ? QUESTIONS : questions) {
        OUT.println();
        agent(model, RunListener.transcript(OUT::println)).run(question);
      }
    }
  }

  /** An agent over a shop of its own, so that one question's refund is not the next one's. */
  static Agent agent(OnnxRoles model, RunListener listener) {
    return Agent.builder()
        .roles(model.roles())
        .tools(AnnotatedTools.of(new OrderService()))
        .approver(Quickstart::ask)
        .listener(firstText())
        .listener(listener)
        .build();
  }

  /** Whoever sits at the terminal decides; where nobody does, nothing is approved. */
  private static Approver.Answer ask(ToolCall call) {
    Console console = System.console();
    if (console == null) {
      return Approver.Answer.no("nobody is at the terminal to confirm it");
    }
    String answer = console.readLine("  confirm   %s? [y/N] ", call);
    return answer != null && answer.strip().equalsIgnoreCase("y")
        ? Approver.Answer.yes()
        : Approver.Answer.no("the customer did not confirm it");
  }

  private static boolean firstTextSeen;

  private static RunListener firstText() {
    return event -> {
      if (event instanceof RunEvent.Text && !firstTextSeen) {
        firstTextSeen = true;
        OUT.printf("(first token of a plan %,d ms after the JVM started)%n", sinceStart());
      }
    };
  }

  private static long sinceStart() {
    return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
  }
}
