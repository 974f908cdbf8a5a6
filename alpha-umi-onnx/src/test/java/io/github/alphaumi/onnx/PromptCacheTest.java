package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is computed once is not computed again, and nobody can tell from the texts. */
class PromptCacheTest {
  private static final String TOOLS = "Tools: orderStatus, stockOf. ";

  @TempDir static Path folder;
  private static OnnxModel uncached;
  private OnnxModel model;

  @BeforeAll
  static void write() {
    new TinyModel().write(folder);
    TinyModel.writeAdapter(folder.resolve("a"), 1);
    TinyModel.writeAdapter(folder.resolve("b"), 2);
    uncached = builder().slots(1).build();
  }

  @AfterAll
  static void closeUncached() {
    uncached.close();
  }

  @BeforeEach
  void load() {
    model = builder().slots(2).build();
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static OnnxModel.Builder builder() {
    return TinyModels.builder(folder, folder.resolve("cache"))
        .adapter("a", folder.resolve("a"))
        .adapter("b", folder.resolve("b"));
  }

  private static TextModel of(OnnxModel model, String adapter) {
    return adapter.isEmpty() ? model : model.adapter(adapter);
  }

  /** Asks the model, and one that has just forgotten everything, for the same. */
  private ModelUse ask(String adapter, TextModel.Request request) {
    TextModel.Response response = of(model, adapter).complete(request);
    assertThat(response.text()).isEqualTo(fresh(adapter, request));
    return response.use();
  }

  private static String fresh(String adapter, TextModel.Request request) {
    uncached
        .adapter(adapter.equals("a") ? "b" : "a")
        .complete(TinyModels.drawn("x", 1, "").build());
    TextModel.Response response = of(uncached, adapter).complete(request);
    assertThat(response.use().cachedTokens()).isZero();
    return response.text();
  }

  private int tokens(String text) {
    return model.tokenizer().encode(text).length;
  }

  @Test
  void should_read_only_what_a_run_has_added() {
    String first = TOOLS + "Where is it?";
    assertThat(ask("", TinyModels.drawn(first, 1, "run").build()).cachedTokens()).isZero();
    String second = first + " Next: caller.";
    int common = tokens(first);
    assertThat(ask("", TinyModels.drawn(second, 2, "run").build()).cachedTokens())
        .isGreaterThanOrEqualTo(common);
    assertThat(ask("", TinyModels.drawn(second, 3, "run").build()).cachedTokens())
        .as("all but the last token, which has to be run for its logits")
        .isEqualTo(tokens(second) - 1);
  }

  @Test
  void should_use_what_it_has_written_as_part_of_the_next_prompt() {
    TextModel.Request request = TinyModels.drawn(TOOLS, 4, "run").build();
    String written = model.complete(request).text();
    int[] all = model.tokenizer().encode(TOOLS + written + "|");
    int cached = ask("", TinyModels.drawn(TOOLS + written + "|", 5, "run").build()).cachedTokens();
    assertThat(cached).isGreaterThan(tokens(TOOLS)).isLessThan(all.length);
  }

  @Test
  void should_go_back_to_where_prompts_part() {
    ask("", TinyModels.drawn(TOOLS + "first branch", 1, "run").build());
    for (int seed = 0; seed < 10; seed++) {
      String branch = TOOLS + "(" + seed + ") another";
      assertThat(ask("", TinyModels.drawn(branch, seed, "run").build()).cachedTokens())
          .isGreaterThanOrEqualTo(tokens(TOOLS) - 1);
    }
  }

  @Test
  void should_give_another_run_a_copy_and_leave_the_first_its_own() {
    String one = TOOLS + "Where is order A-4711?";
    String two = TOOLS + "How many are left?";
    ask("", TinyModels.drawn(one, 1, "one").build());
    assertThat(ask("", TinyModels.drawn(two, 2, "two").build()).cachedTokens())
        .isGreaterThanOrEqualTo(tokens(TOOLS) - 1);
    assertThat(ask("", TinyModels.drawn(one + "!", 3, "one").build()).cachedTokens())
        .isGreaterThanOrEqualTo(tokens(one) - 1);
    assertThat(ask("", TinyModels.drawn(two + "!", 4, "two").build()).cachedTokens())
        .isGreaterThanOrEqualTo(tokens(two) - 1);
  }

  @Test
  void should_keep_branches_of_a_search_apart_where_there_is_room() {
    String documents = TOOLS + "d".repeat(300);
    String[] branches = {documents + "A".repeat(100), documents + "B".repeat(100)};
    try (OnnxModel roomy = builder().slots(3).build()) {
      model.close();
      model = roomy;
      ask("", TinyModels.drawn(branches[0], 1, "tree").build());
      assertThat(ask("", TinyModels.drawn(branches[1], 2, "tree").build()).cachedTokens())
          .as("the documents, copied")
          .isGreaterThanOrEqualTo(tokens(documents) - 1);
      for (int step = 0; step < 4; step++) {
        for (int i = 0; i < 2; i++) {
          int before = tokens(branches[i]);
          branches[i] += " step " + step;
          assertThat(ask("", TinyModels.drawn(branches[i], step, "tree").build()).cachedTokens())
              .as("branch %d goes on where it was left", i)
              .isGreaterThanOrEqualTo(before - 1);
        }
      }
    }
  }

  @Test
  void should_rather_cut_off_a_branch_than_take_what_another_run_has_used_lately() {
    String documents = TOOLS + "d".repeat(300);
    String other = "Another run." + "e".repeat(200);
    ask("", TinyModels.drawn(documents + "A".repeat(100), 1, "tree").build());
    ask("", TinyModels.drawn(other, 2, "other").build());
    for (int branch = 0; branch < 3; branch++) {
      String sibling = documents + ("" + branch).repeat(100);
      assertThat(ask("", TinyModels.drawn(sibling, branch, "tree").build()).cachedTokens())
          .as("the documents are not read again")
          .isGreaterThanOrEqualTo(tokens(documents) - 1);
      int before = tokens(other);
      other += " step " + branch;
      assertThat(ask("", TinyModels.drawn(other, branch, "other").build()).cachedTokens())
          .as("nor is the other run")
          .isGreaterThanOrEqualTo(before - 1);
    }
  }

  @Test
  void should_only_append_to_what_each_role_s_adapter_has_read() {
    String history = TOOLS + "Where is my order?";
    Map<String, Integer> seen = new HashMap<>();
    try (OnnxModel roles = builder().slots(3).build()) {
      model.close();
      model = roles;
      for (int step = 0; step < 5; step++) {
        for (String role : List.of("", "a", "b")) {
          String prompt = history + " Next: role " + role + ".";
          ModelUse use = ask(role, TinyModels.drawn(prompt, step, "run").build());
          assertThat(use.cachedTokens()).isGreaterThanOrEqualTo(seen.getOrDefault(role, 0));
          seen.put(role, tokens(history) - 1);
          history += " It wrote " + step + role + ".";
        }
      }
    }
  }

  @Test
  void should_keep_positions_while_the_cache_grows() {
    StringBuilder prompt = new StringBuilder(TOOLS);
    int seen = 0;
    for (int seed = 0; prompt.length() < 900; seed++) {
      prompt.append("observation ").append(seed).append("x".repeat(60 + seed));
      ModelUse use = ask("", TinyModels.drawn(prompt.toString(), seed, "run").build());
      assertThat(use.cachedTokens()).isGreaterThanOrEqualTo(seen);
      seen = use.inputTokens() - 1;
    }
    assertThat(seen).isGreaterThan(600);
    String other = prompt.substring(0, 500) + "other";
    assertThat(ask("", TinyModels.drawn(other, 1, "other").build()).cachedTokens())
        .as("a copy of more positions than a cache has at first")
        .isGreaterThan(300);
  }

  @Test
  void should_never_share_keys_across_adapters() {
    for (int round = 0; round < 2; round++) {
      for (String adapter : List.of("a", "b", "", "b", "a")) {
        int cached = ask(adapter, TinyModels.drawn(TOOLS, 9, "run").build()).cachedTokens();
        assertThat(cached).isIn(0, tokens(TOOLS) - 1);
      }
    }
  }

  @Test
  void should_write_under_each_adapter_what_a_model_with_that_adapter_alone_writes() {
    for (String adapter : List.of("a", "b")) {
      try (OnnxModel alone =
          TinyModels.builder(folder, folder.resolve("cache"))
              .adapter("only", folder.resolve(adapter))
              .build()) {
        for (int seed = 0; seed < 10; seed++) {
          TextModel.Request request = TinyModels.drawn(TOOLS + seed, seed, "run").build();
          String text = alone.adapter("only").complete(request).text();
          assertThat(model.adapter(adapter).complete(request).text()).isEqualTo(text);
          assertThat(model.complete(request).text()).isNotEqualTo(text);
        }
      }
    }
    try (OnnxModel bare = TinyModels.builder(folder, folder.resolve("cache")).build()) {
      for (int seed = 0; seed < 10; seed++) {
        TextModel.Request request = TinyModels.drawn(TOOLS + seed, seed, "run").build();
        assertThat(bare.complete(request).text()).isEqualTo(model.complete(request).text());
      }
    }
  }

  @Test
  void should_serve_many_runs_at_once_as_if_each_were_alone() throws Exception {
    List<TextModel.Request> requests = new ArrayList<>();
    List<String> adapters = new ArrayList<>();
    Map<TextModel.Request, String> expected = new ConcurrentHashMap<>();
    Random random = new Random(3);
    for (int run = 0; run < 8; run++) {
      String prompt = TOOLS + "run " + run;
      String adapter = List.of("", "a", "b").get(random.nextInt(3));
      for (int step = 0; step < 12; step++) {
        prompt += " step " + step + "y".repeat(random.nextInt(20));
        TextModel.Request request =
            TinyModels.drawn(prompt, 100 * run + step, "run " + run).build();
        requests.add(request);
        adapters.add(adapter);
        expected.put(request, fresh(adapter, request));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int run = 0; run < 8; run++) {
        int first = 12 * run;
        runs.add(
            threads.submit(
                () -> {
                  for (int i = first; i < first + 12; i++) {
                    TextModel.Request request = requests.get(i);
                    assertThat(of(model, adapters.get(i)).complete(request).text())
                        .isEqualTo(expected.get(request));
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
  }
}
