package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whether the tools that a request needs are among the five that are found, on published data. With
 * {@code -Dalpha.umi.embeddings=true} by embeddings too, which takes a minute.
 */
class RetrievalTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SHOWN = 5;
  private static Path data;

  /** A request and the names of the tools that serve it. */
  private record Request(String text, Set<String> gold) {}

  @BeforeAll
  static void requireData() {
    String shared = System.getProperty("alpha.umi.shared", "");
    data = Path.of(shared, "data");
    assumeTrue(
        !shared.isEmpty() && Files.isDirectory(data), "the published data sets are not here");
  }

  @Test
  void should_find_the_tools_of_simulated_trial_and_error() throws IOException {
    Map<String, ToolSpecification> tools = new LinkedHashMap<>();
    read(data.resolve("ste/API_descriptions.json"))
        .properties()
        .forEach(entry -> tools.put(entry.getKey(), steTool(entry.getKey(), entry.getValue())));
    List<Request> requests = new ArrayList<>();
    for (JsonNode group : read(data.resolve("ste/tool_test.json"))) {
      for (JsonNode record : group) {
        requests.add(
            new Request(record.get("query").asText(), Set.of(record.get("action").asText())));
      }
    }
    compare("STE", tools, requests);
  }

  private static ToolSpecification steTool(String name, JsonNode written) {
    try {
      boolean json = written.asText().startsWith("{");
      JsonNode api =
          json
              ? JSON.readTree(written.asText())
              : written.isTextual() ? JSON.createObjectNode().set("description", written) : written;
      JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
      for (String kind : new String[] {"required_parameters", "optional_parameters"}) {
        for (JsonNode parameter : api.path(kind)) {
          parameters.addStringProperty(
              parameter.path("name").asText(), parameter.path("description").asText());
        }
      }
      return ToolSpecification.builder()
          .name(name)
          .description(
              api.path("description").asText() + " " + api.path("parent_tool_description").asText())
          .parameters(parameters.build())
          .build();
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  @Test
  void should_find_the_tools_of_ToolBench() throws IOException {
    Map<String, ToolSpecification> tools = new LinkedHashMap<>();
    List<Request> requests = new ArrayList<>();
    try (Stream<Path> files =
        Files.list(data.resolve("stabletoolbench/solvable_queries/test_instruction"))) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode query : read(file)) {
          for (JsonNode api : query.get("api_list")) {
            String name = api.get("tool_name").asText() + "/" + api.get("api_name").asText();
            tools.put(
                name,
                steTool(
                    name,
                    ((com.fasterxml.jackson.databind.node.ObjectNode) api)
                        .put("description", api.path("api_description").asText())));
          }
          Set<String> gold = new HashSet<>();
          query
              .get("relevant APIs")
              .forEach(api -> gold.add(api.get(0).asText() + "/" + api.get(1).asText()));
          gold.retainAll(tools.keySet());
          if (!gold.isEmpty()) {
            requests.add(new Request(query.get("query").asText(), gold));
          }
        }
      }
    }
    compare("ToolBench", tools, requests);
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  private static void compare(
      String name, Map<String, ToolSpecification> tools, List<Request> requests) {
    List<ToolSpecification> set = List.copyOf(tools.values());
    List<String> names = List.copyOf(tools.keySet());
    ToolIndex words = new WordIndex(set);
    double baseline = recall(new PlainWordIndex(set), names, requests);
    double byWords = recall(words, names, requests);
    System.out.printf(
        "%s: %d tools, %d requests, recall@%d: plain BM25 %.3f, words %.3f%n",
        name, set.size(), requests.size(), SHOWN, baseline, byWords);
    assertThat(byWords).isGreaterThanOrEqualTo(baseline);
    if (!Boolean.getBoolean("alpha.umi.embeddings")) {
      return;
    }
    ToolIndex meanings = new MeaningIndex(set, new AllMiniLmL6V2QuantizedEmbeddingModel());
    double byMeaning = recall(meanings, names, requests);
    double both = recall(new FusedIndex(List.of(words, meanings)), names, requests);
    System.out.printf("%s: meaning %.3f, words and meaning %.3f%n", name, byMeaning, both);
    assertThat(both).isGreaterThan(byWords);
  }

  /** The mean share of a request's tools that are among those found. */
  private static double recall(ToolIndex index, List<String> names, List<Request> requests) {
    double sum = 0;
    for (Request request : requests) {
      List<String> found = index.search(request.text(), SHOWN).stream().map(names::get).toList();
      long hits = request.gold().stream().filter(found::contains).count();
      sum += (double) hits / request.gold().size();
    }
    return sum / requests.size();
  }
}
