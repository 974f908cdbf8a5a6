package io.github.alphaumi.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.BrowserVersion;
import org.htmlunit.WebClient;
import org.htmlunit.WebConsole;
import org.htmlunit.html.HtmlPage;

/** A browser without a screen that opens one page from a file and keeps what went wrong there. */
final class Browser implements AutoCloseable {
  private final WebClient client = new WebClient(BrowserVersion.CHROME);
  private final List<String> errors = new ArrayList<>();

  Browser() {
    client.getOptions().setThrowExceptionOnScriptError(true);
    client.getOptions().setCssEnabled(true);
    client
        .getWebConsole()
        .setLogger(
            new WebConsole.Logger() {
              @Override
              public boolean isTraceEnabled() {
                return false;
              }

              @Override
              public void trace(Object message) {}

              @Override
              public boolean isDebugEnabled() {
                return false;
              }

              @Override
              public void debug(Object message) {}

              @Override
              public boolean isInfoEnabled() {
                return false;
              }

              @Override
              public void info(Object message) {}

              @Override
              public boolean isWarnEnabled() {
                return true;
              }

              @Override
              public void warn(Object message) {
                errors.add(String.valueOf(message));
              }

              @Override
              public boolean isErrorEnabled() {
                return true;
              }

              @Override
              public void error(Object message) {
                errors.add(String.valueOf(message));
              }
            });
  }

  HtmlPage open(String html, Path folder) throws IOException {
    Path file = folder.resolve("run.html");
    Files.writeString(file, html);
    HtmlPage page = client.getPage(file.toUri().toURL());
    client.waitForBackgroundJavaScript(1_000);
    return page;
  }

  /** What scripts complained of. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() {
    client.close();
  }
}
