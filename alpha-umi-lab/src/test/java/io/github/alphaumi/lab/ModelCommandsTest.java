package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model commands on the embedded model, as a user types them. */
class ModelCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GGUF =
      "../examples/embedded-model/src/main/resources/io/github/alphaumi/embedded/"
          + "SmolLM2-135M-Instruct.Q4_1.gguf";

  @TempDir Path folder;

  static Cli umi(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = String.valueOf(arguments[i]);
    }
    int exit =
        Umi.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(texts);
    return new Cli(exit, out.toString(), err.toString());
  }

  static Cli withInput(String input, Object... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return umi(arguments);
    } finally {
      System.setIn(before);
    }
  }

  static Cli good(Cli run) {
    assertThat(run.exit()).as(run.err()).isZero();
    return run;
  }

  static JsonNode object(Cli run) throws IOException {
    good(run);
    assertThat(run.out().lines()).hasSize(1);
    return JSON.readTree(run.out());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void should_cut_lines_into_token_ids_and_put_them_together_again() throws IOException {
    String text = "Gravity is\n\u00e4\u4f60\ud83d\ude00 <|im_start|>x\n\n";
    Cli ids = good(withInput(text, "model", "tokenize", GGUF));
    assertThat(ids.out().lines().toList())
        .hasSize(3)
        .startsWith("22007,6463,314")
        .endsWith("")
        .element(1)
        .asString()
        .contains(",1,");
    assertThat(good(withInput(ids.out(), "model", "tokenize", GGUF, "--decode")).out())
        .isEqualToNormalizingNewlines(text);
    assertThat(
            good(withInput(ids.out(), "model", "tokenize", GGUF, "--decode", "--skip-special"))
                .out())
        .isEqualToNormalizingNewlines(text.replace("<|im_start|>", ""));

    JsonNode line =
        object(withInput("\"a\\nb\"", "model", "tokenize", GGUF, "--json-lines", "--json"));
    assertThat(texts(line.get("tokens"))).containsExactly("a", "\n", "b");
    assertThat(line.get("ids")).hasSize(3);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void should_name_the_line_that_is_no_list_of_tokens() {
    Cli word = withInput("1,2\n3,x\n", "model", "tokenize", GGUF, "--decode");
    assertThat(word.exit()).isEqualTo(1);
    assertThat(word.err()).contains("line 2: 'x' is not a token id");
    Cli large = withInput("49152", "model", "tokenize", GGUF, "--decode");
    assertThat(large.err()).contains("line 1: 49152 is not in the vocabulary of 49152");
    Cli json = withInput("{", "model", "tokenize", GGUF, "--json-lines");
    assertThat(json.err()).contains("line 1 is not JSON");
    assertThat(json.exit()).isEqualTo(1);
  }

  @Test
  void should_render_a_conversation_byte_for_byte() throws IOException {
    Path messages = file("m.json", "[{\"role\":\"user\",\"content\":\"Hi\"}]");
    String rendered = good(umi("model", "render", GGUF, "--messages", messages)).out();
    assertThat(rendered)
        .startsWith("<|im_start|>system\n")
        .endsWith("<|im_start|>user\nHi<|im_end|>\n");
    Cli prompt =
        umi("model", "render", GGUF, "--messages", messages, "--generation-prompt", "--json");
    assertThat(object(prompt).get("text").asText()).isEqualTo(rendered + "<|im_start|>assistant\n");
  }

  @Test
  void should_name_what_cannot_be_rendered() throws IOException {
    assertThat(umi("model", "render", GGUF, "--messages", folder.resolve("no")).err())
        .contains("--messages: there is no file");
    Path broken = file("broken.json", "[{]");
    assertThat(umi("model", "render", GGUF, "--messages", broken).err())
        .contains("broken.json is not JSON", "at line 1, column");
    Path number = file("number.json", "1");
    Cli run = umi("model", "render", GGUF, "--messages", number);
    assertThat(run.err()).contains("holds neither an array of messages nor an object");
    assertThat(run.exit()).isEqualTo(1);
    Path jinja = file("t.jinja", "{{ raise_exception('no system turn') }}");
    Path some = file("some.json", "[]");
    assertThat(umi("model", "render", jinja, "--messages", some).err()).contains("no system turn");
    assertThat(umi("model", "render", file("b.jinja", "{% if %}"), "--messages", some).exit())
        .isEqualTo(1);
    assertThat(umi("model", "render", GGUF).exit()).isEqualTo(2);
  }

  @Test
  void should_continue_the_same_prompt_as_text_ids_or_conversation() throws IOException {
    Path messages = file("m.json", "[{\"role\":\"user\",\"content\":\"What is gravity?\"}]");
    JsonNode chat =
        object(umi("model", "generate", GGUF, "--messages", messages, "--max-tokens", 8, "--json"));
    String rendered =
        good(umi("model", "render", GGUF, "--messages", messages, "--generation-prompt")).out();
    JsonNode text =
        object(umi("model", "generate", GGUF, "--prompt", rendered, "--max-tokens", 8, "--json"));
    String ids = texts(text.get("prompt_ids")).stream().collect(Collectors.joining(","));
    JsonNode tokens =
        object(umi("model", "generate", GGUF, "--ids", ids, "--max-tokens", 8, "--json"));
    for (String member : List.of("prompt_ids", "ids", "tokens", "text", "finish")) {
      assertThat(tokens.get(member)).isEqualTo(text.get(member)).isEqualTo(chat.get(member));
    }
    assertThat(tokens.get("ids")).hasSize(8);
    assertThat(tokens.get("finish").asText()).isEqualTo("length");
    assertThat(String.join("", texts(tokens.get("tokens")))).isEqualTo(text.get("text").asText());
    Cli plain = good(umi("model", "generate", GGUF, "--ids", ids, "--max-tokens", 8));
    assertThat(plain.out().strip())
        .isEqualTo(texts(tokens.get("ids")).stream().collect(Collectors.joining(",")));
  }

  @Test
  void should_print_how_probable_each_token_was() throws IOException {
    Cli lines =
        good(
            umi(
                "model",
                "generate",
                GGUF,
                "--prompt",
                "Gravity is",
                "--max-tokens",
                5,
                "--logprobs"));
    JsonNode json =
        object(
            umi(
                "model",
                "generate",
                GGUF,
                "--prompt",
                "Gravity is",
                "--max-tokens",
                5,
                "--logprobs",
                "--json"));
    List<String> rows = lines.out().lines().toList();
    assertThat(rows.get(0)).isEqualTo(" a fundamental concept in physics");
    for (int i = 0; i < 5; i++) {
      String[] row = rows.get(i + 1).split("\t");
      assertThat(row[0]).isEqualTo(json.get("ids").get(i).asText());
      assertThat(Double.parseDouble(row[1]))
          .isBetween(-5.0, 0.0)
          .isCloseTo(json.get("logprobs").get(i).asDouble(), within(1e-3));
      assertThat(JSON.readTree(row[2])).isEqualTo(json.get("tokens").get(i));
    }
    assertThat(json.get("prompt_logprobs")).hasSize(3);
    assertThat(json.get("prompt_logprobs").get(0).isNull()).isTrue();
    assertThat(json.get("prompt_logprobs").get(2).asDouble()).isNegative();
  }

  @Test
  void should_name_the_likeliest_tokens_when_asked_for_some() throws IOException {
    Object[] arguments = {
      "model", "generate", "--prompt", "Gravity is", "--max-tokens", 2, "--logprobs", 3, GGUF
    };
    List<String> rows = good(umi(arguments)).out().lines().toList();
    JsonNode json = object(umi(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray()));
    assertThat(rows).hasSize(1 + 2 * 4);
    for (int i = 0; i < 2; i++) {
      JsonNode place = json.get("top_logprobs").get(i);
      assertThat(place).hasSize(3);
      // Greedy: what came is the likeliest.
      assertThat(place.get(0).get("id")).isEqualTo(json.get("ids").get(i));
      assertThat(place.get(0).get("logprob")).isEqualTo(json.get("logprobs").get(i));
      for (int k = 0; k < 3; k++) {
        String[] row = rows.get(1 + 4 * i + 1 + k).split("\t");
        assertThat(row[0]).isEmpty();
        assertThat(row[1]).isEqualTo(place.get(k).get("id").asText());
        assertThat(Double.parseDouble(row[2]))
            .isCloseTo(place.get(k).get("logprob").asDouble(), within(1e-3));
        assertThat(JSON.readTree(row[3])).isEqualTo(place.get(k).get("token"));
      }
    }
    assertThat(
            good(umi(
                    "model",
                    "generate",
                    "--prompt",
                    "Gravity is",
                    "--logprobs",
                    GGUF,
                    "--max-tokens",
                    1))
                .out()
                .lines())
        .hasSize(2);
    assertWrong(2, "likeliest: -1", generate("--logprobs", "-1"));
  }

  @Test
  void should_continue_several_prompts_each_in_a_line_of_its_own() throws IOException {
    Cli run =
        good(
            umi(
                "model",
                "generate",
                GGUF,
                "--prompt",
                "Gravity is",
                "--prompt",
                "The capital of France is",
                "--max-tokens",
                3,
                "--json"));
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(JSON.readTree(lines.get(0)).get("text").asText())
        .isEqualTo(" a fundamental concept");
    assertThat(JSON.readTree(lines.get(1)).get("text").asText()).startsWith(" Paris");
  }

  @Test
  void should_hold_a_text_to_a_schema_choices_or_a_pattern() throws IOException {
    Path schema =
        file(
            "schema.json",
            """
            {"type": "object", "required": ["city", "days"], "additionalProperties": false,
             "properties": {"city": {"$ref": "#/$defs/city"}, "days": {"type": "integer", "minimum": 2, "maximum": 4}},
             "$defs": {"city": {"enum": ["Paris", "Rome"]}}}
            """);
    String prompt = "The capital of France. As JSON: ";
    String json =
        good(umi("model", "generate", GGUF, "--prompt", prompt, "--schema", schema)).out();
    assertThat(JSON.readTree(json).get("city").asText()).isEqualTo("Paris");
    assertThat(JSON.readTree(json).get("days").asInt()).isBetween(2, 4);
    Cli choice = good(umi("model", "generate", GGUF, "--prompt", "2 + 2 =", "--choices", "3,4,5"));
    assertThat(choice.out().strip()).isIn("3", "4", "5");
    Cli pattern =
        good(
            umi(
                "model",
                "generate",
                GGUF,
                "--prompt",
                "A time of day: ",
                "--temperature",
                "1.5",
                "--seed",
                7,
                "--regex",
                "([01]\\d|2[0-3]):[0-5]\\d"));
    assertThat(pattern.out().strip()).matches("([01]\\d|2[0-3]):[0-5]\\d");
  }

  @Test
  void should_say_which_option_is_wrong() throws IOException {
    assertWrong(2, "Missing required", "model", "generate", GGUF);
    assertWrong(2, "mutually exclusive", "model", "generate", GGUF, "--prompt", "x", "--ids", "1");
    assertWrong(2, "'x' is not a token id", "model", "generate", GGUF, "--ids", "1,x");
    assertWrong(2, "has no token id", "model", "generate", GGUF, "--ids", "");
    assertWrong(2, "maxTokens: 0", generate("--max-tokens", 0));
    assertWrong(2, "minP: 2.0 is not in [0, 1]", generate("--min-p", 2));
    assertWrong(2, "repetitionPenalty: 0.0", generate("--repetition-penalty", 0));
    assertWrong(2, "--top-k", generate("--top-k", "many"));
    assertWrong(2, "--format", generate("--format", "int5"));
    assertWrong(2, "is not a regular expression", generate("--regex", "a("));
    assertWrong(2, "mutually exclusive", generate("--regex", "a", "--choices", "b"));
    assertWrong(1, "look-ahead (?= at position 0", generate("--regex", "(?=a)"));
    assertWrong(1, "--schema: there is no file", generate("--schema", folder.resolve("no.json")));
    assertWrong(1, "does not hold a JSON object", generate("--schema", file("s.json", "[1]")));
    assertWrong(1, "'not' is not supported", generate("--schema", file("n.json", "{\"not\": {}}")));
    assertWrong(
        1, "ids: 99999 is not in the vocabulary", "model", "generate", GGUF, "--ids", "99999");
    assertWrong(1, "adapter_config.json", generate("--adapter", folder));
    assertWrong(1, "does not exist", "model", "generate", "no/model", "--prompt", "x");
    assertWrong(2, "--window: 1", "model", "perplexity", GGUF, "--text", "x", "--window", 1);
    assertWrong(1, "--text: there is no file", "model", "perplexity", GGUF, "--text", "no/text");
    assertWrong(
        1, "fewer than two tokens", "model", "perplexity", GGUF, "--text", file("e.txt", ""));
    assertWrong(1, "does not exist", "model", "quantize", "no/model");
    assertWrong(1, "does not exist", "model", "tokenize", "no/model");
    assertWrong(1, "does not exist", "model", "render", "no/model", "--messages", file("m", "[]"));
  }

  private static Object[] generate(Object... options) {
    List<Object> all = new ArrayList<>(List.of("model", "generate", GGUF, "--prompt", "x"));
    all.addAll(List.of(options));
    return all.toArray();
  }

  private static void assertWrong(int exit, String message, Object... arguments) {
    Cli run = umi(arguments);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.exit()).as(message).isEqualTo(exit);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void should_write_no_weights_that_are_used_where_they_lie() throws IOException {
    Path model = Shared.path("fixtures/engine/llama");
    Path cache = folder.resolve("cache");
    Object[] arguments = {"model", "quantize", model, "--format", "fp32", "--out", cache};
    assertThat(good(umi(arguments)).out()).contains("used as they are");
    JsonNode json = object(umi(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray()));
    assertThat(json.get("file").isNull()).isTrue();
    assertThat(json.get("bytes").asLong()).isZero();
    assertThat(cache).doesNotExist();
  }

  @Test
  void should_write_weights_ahead_of_the_first_load() throws IOException {
    Path cache = folder.resolve("cache");
    JsonNode written =
        object(umi("model", "quantize", GGUF, "--format", "int8", "--out", cache, "--json"));
    Path file = Path.of(written.get("file").asText());
    assertThat(file).hasParent(cache).hasSize(written.get("bytes").asLong());
    long modified = Files.getLastModifiedTime(file).toMillis();
    good(
        umi(
            "model",
            "generate",
            GGUF,
            "--format",
            "int8",
            "--cache",
            cache,
            "--prompt",
            "Hi",
            "--max-tokens",
            1));
    assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(modified);
    try (var files = Files.list(cache)) {
      // Beside the weights lie the hashes of what they were made of.
      assertThat(files.filter(Files::isRegularFile)).containsExactly(file);
    }
  }

  @Test
  void should_inspect_a_model_as_json() throws IOException {
    JsonNode facts = object(umi("model", "inspect", GGUF, "--json"));
    assertThat(facts.get("architecture").asText()).isEqualTo("llama");
    assertThat(facts.get("layers").asText()).isEqualTo("30");
  }

  @Test
  void should_score_a_text_in_windows() throws IOException {
    Path text = file("text.txt", "Gravity is a fundamental concept in physics. ".repeat(4));
    JsonNode whole =
        object(umi("model", "perplexity", GGUF, "--text", text, "--window", 16, "--json"));
    assertThat(whole.get("windows").asInt()).isGreaterThan(1);
    assertThat(whole.get("perplexity").asDouble())
        .isCloseTo(Math.exp(whole.get("nll").asDouble()), within(1e-9));
    Cli compared = good(umi("model", "perplexity", GGUF, "--text", text, "--compare", "int8"));
    assertThat(compared.out())
        .contains("int8 - int8: +0.0000 nats; the likeliest token is the same at 100.00 %");
  }
}
