package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Micrometer is an optional dependency: an agent runs where it is not on the class path. */
class WithoutMicrometerTest {

  /** What is done in the class loader that lacks Micrometer. */
  public static final class Program implements Callable<String> {
    @Override
    public String call() {
      Agent agent = Agent.builder().roles(ScriptedRoles.create().conclude("42").roles()).build();
      return RunReport.of(agent.run("task")).answer().orElse("");
    }
  }

  @Test
  void should_run_an_agent_without_micrometer() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("micrometer") && !entry.contains("opentelemetry")) {
        path.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Callable<?> program =
          (Callable<?>)
              loader.loadClass(Program.class.getName()).getDeclaredConstructor().newInstance();

      assertThat(program.call()).isEqualTo("42");
      assertThat(program.getClass()).isNotSameAs(Program.class);
      assertThat(loader.getResource("io/micrometer/observation/Observation.class")).isNull();
    }
  }
}
