package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every example of this module's Javadoc, with the same few names around each. */
class JavadocExamplesTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\R(.*?)\\R\\s*\\* *}</pre>", Pattern.DOTALL);

  /** What the examples take for given. */
  private static final String AROUND =
      """
      import dev.langchain4j.model.chat.ChatModel;
      import io.github.alphaumi.core.*;
      import io.github.alphaumi.core.cases.*;
      import io.github.alphaumi.core.telemetry.*;
      import io.micrometer.core.instrument.MeterRegistry;
      import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
      import io.micrometer.observation.ObservationRegistry;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      import java.util.stream.*;
      import org.junit.jupiter.api.*;
      class Example%d {
        void example(ChatModel chatModel, ChatModel remote, Toolbox toolbox, Toolbox tools, Toolbox orders, Roles roles,
            Agent agent, Agent clerk, AgentResult result, ChatModel model, TextModel local,
            PromptFormat format,
            ObservationRegistry observationRegistry, MeterRegistry meterRegistry)
            throws Exception {
          new Object() {
      %s
          };
        }
      }
      """;

  @TempDir Path classes;

  private record Example(Path file, String code) {}

  private static List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher example = EXAMPLE.matcher(Files.readString(file));
        while (example.find()) {
          examples.add(
              new Example(
                  file,
                  example
                      .group(1)
                      .lines()
                      .map(line -> line.replaceFirst("^\\s*\\* ?", ""))
                      .collect(Collectors.joining("\n"))));
        }
      }
    }
    // What begins with a brace shows a file.
    examples.removeIf(example -> example.code.stripLeading().startsWith("{"));
    return examples;
  }

  @Test
  void should_compile_every_example() throws IOException {
    List<Example> examples = examples();
    assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
    for (int i = 0; i < examples.size(); i++) {
      assertThat(problems(i, examples.get(i).code))
          .as(examples.get(i).file + "\n" + examples.get(i).code)
          .isEmpty();
    }
  }

  @Test
  void should_notice_an_example_that_does_not_compile() {
    assertThat(problems(0, "agent.walk(\"task\");")).isNotEmpty();
  }

  private List<String> problems(int number, String code) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    // An expression alone is an example, too.
    String statements = code.stripTrailing().matches("(?s).*[;}]") ? code : "var x = " + code + ";";
    // One that begins with an annotation is a method of its own.
    String member =
        code.startsWith("@") ? code : "void run() throws Exception {\n" + statements + "\n}";
    String source = String.format(Locale.ROOT, AROUND, number, member);
    ToolProvider.getSystemJavaCompiler()
        .getTask(
            new StringWriter(),
            null,
            problems,
            List.of("-proc:none", "-d", classes.toString()),
            null,
            List.of(
                new SimpleJavaFileObject(
                    URI.create("string:///Example" + number + ".java"),
                    JavaFileObject.Kind.SOURCE) {
                  @Override
                  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                  }
                }))
        .call();
    return problems.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == javax.tools.Diagnostic.Kind.ERROR)
        .map(problem -> problem.getMessage(Locale.ROOT) + " in line " + problem.getLineNumber())
        .toList();
  }
}
