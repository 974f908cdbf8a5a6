package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands as a user types them, on the embedded model's files as they lie in the repository.
 */
class UmiTest {
  private static final String MODEL =
      "../examples/embedded-model/src/main/resources/io/github/alphaumi/embedded";
  private static final String GGUF = MODEL + "/SmolLM2-135M-Instruct.Q4_1.gguf";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  record Price(double price) {}

  /** Found by its name, made by its constructor. */
  static class Market {
    @Tool("Latest price of a stock")
    Price getStockPrice(String ticker) {
      return new Price(417.2);
    }
  }

  private int umi(String... arguments) {
    return Umi.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void should_run_an_agent_over_a_class_on_the_class_path() {
    int exit =
        umi("run", "--model", MODEL, "--tools", Market.class.getName(), "What does MSFT trade at?");

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains("getStockPrice {\"ticker\": \"MSFT\"}", "{\"price\": 417.2}")
        .containsPattern("answer .*417.2");
    assertThat(exit).isZero();
  }

  @Test
  void should_run_an_agent_over_a_folder_of_classes() {
    int exit =
        umi("run", "--model", MODEL, "--tools", "target/test-classes", "What does MSFT trade at?");

    assertThat(out.toString()).contains("getStockPrice {\"ticker\": \"MSFT\"}");
    assertThat(exit).isZero();
  }

  @Test
  void should_continue_a_prompt_and_say_how_fast() {
    int exit = umi("model", "generate", GGUF, "--prompt", "Gravity is", "--max-tokens", "5");

    assertThat(out.toString().strip()).isEqualTo("a fundamental concept in physics");
    assertThat(err.toString()).contains("LENGTH; read 3 tokens at ", "wrote 5 at ");
    assertThat(exit).isZero();
  }

  @Test
  void should_inspect_a_model() {
    int exit = umi("model", "inspect", GGUF);

    assertThat(out.toString())
        .containsPattern("architecture +llama")
        .containsPattern("layers +30")
        .containsPattern("attention window +everything before")
        .containsPattern("tensors of Q4_1 +210 with 106,168,320 parameters")
        .containsPattern("general.architecture +llama");
    assertThat(exit).isZero();
  }

  @Test
  void should_name_the_model_that_is_not_there() {
    assertThat(umi("model", "inspect", "no/such/model")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("umi: ")
        .contains("does not exist", "Hugging Face folder");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void should_name_the_tools_that_are_not_there(@TempDir Path empty) throws IOException {
    assertThat(umi("run", "--model", MODEL, "--tools", "no.such.Tools", "question")).isEqualTo(1);
    assertThat(err.toString()).contains("'no.such.Tools' is neither a file nor a class");

    assertThat(umi("run", "--model", MODEL, "--tools", empty.toString(), "question")).isEqualTo(1);
    assertThat(err.toString()).contains("has no class with @Tool methods");

    Path broken = Files.writeString(empty.resolve("broken.jar"), "no jar");
    assertThat(umi("run", "--model", MODEL, "--tools", broken.toString(), "q")).isEqualTo(1);
    assertThat(err.toString()).contains("cannot be read as a jar");
  }

  @Test
  void should_refuse_an_empty_question() {
    assertThat(umi("run", "--model", MODEL, "--tools", Market.class.getName(), "  ")).isEqualTo(1);
    assertThat(err.toString()).contains("task: it is empty");
  }

  @Test
  void should_explain_wrong_usage() {
    assertThat(umi("run", "--tools", "x", "question")).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required option: '--model=FOLDER'", "Usage:");
  }
}
