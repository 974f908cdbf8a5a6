package io.github.alphaumi.lab;

import static io.github.alphaumi.lab.ModelCommandsTest.good;
import static io.github.alphaumi.lab.ModelCommandsTest.object;
import static io.github.alphaumi.lab.ModelCommandsTest.umi;
import static io.github.alphaumi.lab.ModelCommandsTest.withInput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the model commands print, against what transformers, tokenizers and jinja2 gave; the READMEs
 * of the fixtures tell how.
 */
class ModelCommandsParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double TOLERANCE = 2e-4;

  @TempDir Path folder;

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  @ParameterizedTest
  @CsvSource({
    "engine/llama, engine/llama/expected.json,",
    "engine/llama_tied_rope3, engine/llama_tied_rope3/expected.json,",
    "engine/llama_sharded_bf16, engine/llama_sharded_bf16/expected.json,",
    "engine/mistral, engine/mistral/expected.json,",
    "engine/qwen2, engine/qwen2/expected.json,",
    "engine/qwen3_bf16, engine/qwen3_bf16/expected.json,",
    "engine/phi3, engine/phi3/expected.json,",
    "engine/phi3_partial_rotary, engine/phi3_partial_rotary/expected.json,",
    "engine/gemma3, engine/gemma3/expected.json,",
    "gguf/llama/llama-f32.gguf, gguf/llama/llama-f32.expected.json,",
    "gguf/llama/llama-q8_0.gguf, gguf/llama/llama-q8_0.expected.json,",
    "gguf/llama/llama-mixed.gguf, gguf/llama/llama-mixed.expected.json,",
    "engine/llama, engine/llama_lora/adapter_a/expected.json, engine/llama_lora/adapter_a",
    "engine/llama, engine/llama_lora/adapter_b/expected.json, engine/llama_lora/adapter_b",
    "engine/llama, engine/llama_lora/adapter_rslora/expected.json, engine/llama_lora/adapter_rslora",
  })
  void should_continue_ids_as_transformers_does(String model, String expected, String adapter)
      throws IOException {
    Path fixtures = Shared.path("fixtures");
    JsonNode truth = read(fixtures.resolve(expected));
    List<Object> arguments = new ArrayList<>(List.of("model", "generate"));
    arguments.addAll(List.of(fixtures.resolve(model), "--format", "fp32", "--json", "--logprobs"));
    arguments.addAll(List.of("--max-tokens", 32, "--cache", folder));
    if (adapter != null) {
      arguments.addAll(List.of("--adapter", fixtures.resolve(adapter)));
    }
    List<JsonNode> cases = new ArrayList<>();
    truth.get("cases").forEach(cases::add);
    for (JsonNode one : truth.path("batch").path("sequences")) {
      cases.add(one);
    }
    for (JsonNode one : cases) {
      arguments.addAll(List.of("--ids", joined(one.get("ids"))));
    }
    List<String> lines = good(umi(arguments.toArray())).out().lines().toList();
    assertThat(lines).hasSameSizeAs(cases);
    for (int i = 0; i < cases.size(); i++) {
      check(JSON.readTree(lines.get(i)), cases.get(i));
    }
  }

  private static String joined(JsonNode ids) {
    List<String> words = new ArrayList<>();
    ids.forEach(id -> words.add(id.asText()));
    return String.join(",", words);
  }

  private static void check(JsonNode actual, JsonNode expected) {
    assertThat(actual.get("prompt_ids")).isEqualTo(expected.get("ids"));
    JsonNode probabilities = expected.path("token_logprobs");
    for (int i = 1; i < probabilities.size(); i++) {
      assertThat(actual.get("prompt_logprobs").get(i).asDouble())
          .isCloseTo(probabilities.get(i).asDouble(), within(TOLERANCE));
    }
    // The reference goes on after an end token; the command ends there.
    JsonNode greedy = expected.get("greedy");
    for (int i = 0; i < actual.get("ids").size(); i++) {
      assertThat(actual.get("ids").get(i)).as("token %d", i).isEqualTo(greedy.get(i));
      assertThat(actual.get("logprobs").get(i).asDouble()).isBetween(-20.0, 0.0);
    }
    if (actual.get("finish").asText().equals("length")) {
      assertThat(actual.get("ids")).hasSize(Math.min(32, greedy.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama3",
        "qwen2",
        "llama2_normalizer",
        "llama2_metaspace",
        "llama2_metaspace_first",
        "unigram",
        "smollm2"
      })
  void should_tokenize_as_the_reference(String name) throws IOException {
    Path fixture = Shared.path("fixtures/tokenizer/" + name);
    Path model = Files.exists(fixture.resolve("tokenizer.json")) ? fixture : unpacked(fixture);
    JsonNode expected = read(fixture.resolve("expected.json"));
    List<JsonNode> cases = new ArrayList<>();
    expected.get("cases").forEach(cases::add);
    String texts = lines(cases, "text");
    compare(cases, "ids", "ids", texts, "model", "tokenize", model, "--json", "--json-lines");
    compare(
        cases,
        "ids_special",
        "ids",
        texts,
        "model",
        "tokenize",
        model,
        "--json",
        "--json-lines",
        "--special");
    expected.get("decode_cases").forEach(cases::add);
    String ids = lines(cases, "ids");
    compare(
        cases,
        "decoded",
        "text",
        ids,
        "model",
        "tokenize",
        model,
        "--json",
        "--json-lines",
        "--decode");
    compare(
        cases,
        "decoded_skip",
        "text",
        ids,
        "model",
        "tokenize",
        model,
        "--json",
        "--json-lines",
        "--decode",
        "--skip-special");
  }

  private Path unpacked(Path fixture) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(fixture.resolve("tokenizer.json.gz")))) {
      Files.copy(in, file);
    }
    return file;
  }

  private static String lines(List<JsonNode> cases, String member) {
    return cases.stream().map(one -> one.get(member) + "\n").collect(Collectors.joining());
  }

  private static void compare(
      List<JsonNode> cases, String expected, String member, String input, Object... command)
      throws IOException {
    List<String> lines = good(withInput(input, command)).out().lines().toList();
    assertThat(lines).hasSameSizeAs(cases);
    for (int i = 0; i < cases.size(); i++) {
      assertThat(JSON.readTree(lines.get(i)).get(member))
          .as("%s of %s", expected, cases.get(i).get("ids"))
          .isEqualTo(cases.get(i).get(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chatml",
        "gemma-2-2b-it",
        "hermes-2-pro-tool-use",
        "llama-2-chat",
        "llama-3.1-instruct",
        "mistral-7b-instruct-v0.3",
        "mistral-nemo-instruct-2407",
        "phi-3-trim",
        "phi-3.5-mini-instruct",
        "qwen2.5-instruct",
        "qwen3",
        "smollm2",
        "zephyr"
      })
  void should_render_as_transformers_does(String name) throws IOException {
    Path fixture = Shared.path("fixtures/template");
    JsonNode expected = read(fixture.resolve("expected.json"));
    int compared = 0;
    for (JsonNode template : expected.get("templates")) {
      if (!template.get("template").asText().equals(name + ".jinja")) {
        continue;
      }
      for (JsonNode render : template.get("renders")) {
        for (JsonNode conversation : expected.get("conversations")) {
          if (conversation.get("name").equals(render.get("conversation"))) {
            render(fixture, expected.get("now").asText(), template, render, conversation);
            compared++;
          }
        }
      }
    }
    assertThat(compared).isPositive();
  }

  private void render(
      Path fixture, String now, JsonNode template, JsonNode expected, JsonNode conversation)
      throws IOException {
    ObjectNode input = JSON.createObjectNode();
    input.set("tools", conversation.get("tools"));
    input.putArray("messages");
    for (JsonNode message : conversation.get("messages")) {
      ObjectNode copy = input.withArray("messages").addObject();
      copy.setAll((ObjectNode) message);
      if (message.has("reasoning_content")) {
        copy.set("thinking", message.get("reasoning_content"));
      }
    }
    Path file = Files.writeString(folder.resolve("conversation.json"), input.toString());
    List<Object> arguments = new ArrayList<>(List.of("model", "render"));
    arguments.add(
        fixture
            .resolve(template.get("location").asText())
            .resolve(template.get("template").asText()));
    arguments.addAll(List.of("--messages", file, "--now", now));
    if (conversation.get("add_generation_prompt").booleanValue()) {
      arguments.add("--generation-prompt");
    }
    for (String token : List.of("bos_token", "eos_token")) {
      if (!template.get(token).isNull()) {
        arguments.addAll(List.of("--variable", token + "=" + template.get(token).asText()));
      }
    }
    conversation
        .path("kwargs")
        .properties()
        .forEach(
            value ->
                arguments.addAll(List.of("--variable", value.getKey() + "=" + value.getValue())));
    Cli run = umi(arguments.toArray());
    if (expected.has("text")) {
      assertThat(good(run).out()).isEqualTo(expected.get("text").asText());
    } else {
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      if (expected.get("error").get("kind").asText().equals("raise_exception")) {
        assertThat(run.err()).contains(expected.get("error").get("message").asText());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"fp32, 0.0001", "int8, 0.01"})
  void should_score_a_text_as_transformers_does(String format, double tolerance)
      throws IOException {
    Path model = Shared.path("models/SmolLM2-135M-Instruct.Q4_1.gguf");
    Path fixture = Shared.path("fixtures/smollm2");
    JsonNode nll = read(fixture.resolve("expected.json")).get("nll");
    // The first window of it, cut where a token ends: the whole takes minutes.
    String whole = Files.readString(fixture.resolve("text.txt"));
    String ids =
        good(withInput(JSON.writeValueAsString(whole), "model", "tokenize", model, "--json-lines"))
            .out()
            .strip();
    String first = Arrays.stream(ids.split(",")).limit(512).collect(Collectors.joining(","));
    String text = good(withInput(first, "model", "tokenize", model, "--decode", "--json")).out();
    Path file =
        Files.writeString(folder.resolve("window.txt"), JSON.readTree(text).get("text").asText());
    JsonNode result =
        object(umi("model", "perplexity", model, "--text", file, "--format", format, "--json"));
    assertThat(result.get("tokens").asInt()).isEqualTo(511);
    assertThat(result.get("nll").asDouble())
        .isCloseTo(nll.get("window_nll_sums").get(0).asDouble() / 511, within(tolerance));
  }
}
