package io.github.alphaumi.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.RunListener;
import io.github.alphaumi.core.RunReport;
import io.github.alphaumi.embedded.EmbeddedModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.BrowserVersion;
import org.htmlunit.WebClient;
import org.htmlunit.WebConsole;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the page of a real run of the embedded model in a browser without a screen. */
class RunPageTest {
  @TempDir Path folder;

  /** Keeps warnings and errors; asks nothing else of a logger with ten methods. */
  private static WebConsole.Logger logger(List<String> problems) {
    return (WebConsole.Logger)
        Proxy.newProxyInstance(
            RunPageTest.class.getClassLoader(),
            new Class<?>[] {WebConsole.Logger.class},
            (proxy, method, arguments) -> {
              boolean problem = method.getName().matches("warn|error");
              if (problem) {
                problems.add(String.valueOf(arguments[0]));
              }
              return method.getReturnType() == boolean.class
                  ? method.getName().matches("is(Warn|Error)Enabled")
                  : null;
            });
  }

  private static List<String> texts(HtmlPage page, String selector) {
    return page.querySelectorAll(selector).stream().map(DomNode::getTextContent).toList();
  }

  @Test
  void should_show_the_run_that_answers_a_question() throws IOException {
    List<RunReport> reports = new ArrayList<>();
    try (OnnxRoles model = EmbeddedModel.load()) {
      Quickstart.agent(model, RunListener.reports(reports::add)).run(Quickstart.QUESTIONS.get(0));
    }
    Path file = folder.resolve("run.html");
    Files.writeString(file, reports.get(0).toHtml());
    List<String> problems = new ArrayList<>();

    try (WebClient browser = new WebClient(BrowserVersion.CHROME)) {
      browser.getWebConsole().setLogger(logger(problems));
      HtmlPage page = browser.getPage(file.toUri().toURL());

      assertThat(problems).isEmpty();
      assertThat(page.getElementById("stop-reason").getTextContent()).isEqualTo("ANSWERED");
      assertThat(page.getElementById("count").getTextContent())
          .as("what its script wrote")
          .isEqualTo("2 of 2");
      assertThat(texts(page, "#node-1 > details > .inside > pre").get(1))
          .isEqualTo("orderStatus {\"orderId\": \"A-4711\"}");
      assertThat(texts(page, "#node-1 .prompt summary")).hasSize(2);
      assertThat(texts(page, "#node-1 .prompt pre").get(0)).contains("orderStatus", "A-4711");
      assertThat(texts(page, "#node-2 > details > .inside > pre").get(1))
          .isEqualTo(reports.get(0).answer().orElseThrow());
      page.getBody().type('e');
      assertThat(page.querySelectorAll("details.node[open]")).hasSize(2);
    }
    assertThat(RunReport.fromJson(reports.get(0).toJson())).isEqualTo(reports.get(0));
    String keep = System.getProperty("alpha.umi.page", "");
    if (!keep.isBlank()) {
      Files.copy(file, Path.of(keep), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
