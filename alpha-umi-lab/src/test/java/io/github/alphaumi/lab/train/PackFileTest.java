package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Conversation;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.lab.TrainingData;
import io.github.alphaumi.lab.train.Lesson.Half;
import io.github.alphaumi.lab.world.Split;
import io.github.alphaumi.lab.world.ToolSet;
import io.github.alphaumi.lab.world.ToolWorld;
import io.github.alphaumi.lab.world.WorldStep;
import io.github.alphaumi.lab.world.WorldTask;
import io.github.alphaumi.onnx.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs of the tool world's data with the embedded model's tokenizer. */
class PackFileTest {
  private static final int SEED = 11;
  private static final int SETS = 6;
  private static final Map<String, Float> ALL =
      Map.of("planner", 2f, "caller", 1f, "summarizer", 1f);
  private static final Lesson STAGE_1 = new Lesson(false, ALL, Half.ALL);

  /** Several tests ask for the same. */
  private static final Map<String, PackFile> READ = new HashMap<>();

  @TempDir private static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(TrainingData.model());
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  /** A turn with all that a token of it can see: what the model has been given to read. */
  private record Seen(String role, List<Integer> prompt, List<Integer> turn, float weight) {}

  private static List<Seen> seen(Pack pack) {
    List<Seen> all = new ArrayList<>();
    for (Pack.Turn turn : pack.turns()) {
      int branch = pack.branches()[turn.from() - 1];
      assertThat(branch).as("the token before a turn is of the turn's branch").isPositive();
      List<Integer> prompt = new ArrayList<>();
      for (int i = 0; i < turn.from(); i++) {
        if (pack.branches()[i] == 0 || pack.branches()[i] == branch) {
          assertThat(pack.positions()[i]).isEqualTo(prompt.size());
          prompt.add(pack.tokens()[i]);
        }
      }
      List<Integer> text = new ArrayList<>();
      for (int i = turn.from(); i < turn.to(); i++) {
        assertThat(pack.branches()[i]).isEqualTo(branch);
        text.add(pack.tokens()[i]);
      }
      assertThat(turn.decisive()).isBetween(1, text.size());
      all.add(new Seen(turn.role(), prompt, text, turn.weight()));
    }
    return all;
  }

  private static List<Seen> seen(PackFile packs) {
    List<Seen> all = new ArrayList<>();
    for (int i = 0; i < packs.size(); i++) {
      all.addAll(seen(packs.at(i)));
    }
    return all;
  }

  private static PackFile packs(Path file, PromptFormat format, Lesson lesson, int packTokens)
      throws IOException {
    return packs(TrainingData.open(file, format, lesson.joined()), format, lesson, packTokens);
  }

  private static PackFile packs(SampleFile file, PromptFormat format, Lesson lesson, int packTokens)
      throws IOException {
    return PackFile.of(
            file,
            new SampleEncoder(tokenizer, format.ending()),
            List.of(lesson),
            packTokens,
            Integer.MAX_VALUE,
            record -> {})
        .get(0);
  }

  private static Path sets() {
    return TrainingData.world(folder.resolve("sets.jsonl"), "--seed", SEED, "--sets", SETS);
  }

  private static Path conversations() {
    return TrainingData.world(
        folder.resolve("conversations.jsonl"),
        "--seed",
        SEED,
        "--sets",
        SETS,
        "--format",
        "conversations");
  }

  private static List<Integer> list(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }

  /** Live runs of the world's tasks, by a model that writes what is right. */
  private static final class LiveRuns implements TextModel {
    private final Deque<String> gold = new ArrayDeque<>();
    private final Set<Seen> asked = new LinkedHashSet<>();
    private final PromptFormat format;

    LiveRuns(PromptFormat format) {
      this.format = format;
    }

    @Override
    public TextModel.Response complete(TextModel.Request request) {
      String text = gold.remove();
      String role =
          switch (Objects.requireNonNull(request.affinity()).role()) {
            case PLANNER -> "planner";
            case CALLER -> "caller";
            case SUMMARIZER -> "summarizer";
          };
      List<Integer> turn = new ArrayList<>(list(tokenizer.encode(text)));
      turn.addAll(list(tokenizer.encode(format.ending())));
      asked.add(new Seen(role, list(tokenizer.encode(request.prompt())), turn, 1));
      return new TextModel.Response(
          text, TextModel.Finish.STOP, new ModelUse(1, 0, 1, Duration.ZERO, Duration.ZERO));
    }

    @Override
    public int contextWindow() {
      return 8_192;
    }

    void run(ToolSet set) {
      for (WorldTask task : set.tasks()) {
        Conversation before =
            task.earlier()
                .map(earlier -> run(set.tools(), earlier, Conversation.empty()).conversation())
                .orElse(Conversation.empty());
        run(set.tools(), task, before);
      }
    }

    private AgentResult run(List<ToolSpecification> tools, WorldTask task, Conversation before) {
      Deque<WorldStep> steps = new ArrayDeque<>(task.steps());
      for (WorldStep step : task.steps()) {
        gold.add(PromptFormat.write(step.plan()));
        gold.add(PromptFormat.write(step.call()));
      }
      gold.add(PromptFormat.write(task.end()));
      task.answer().ifPresent(gold::add);
      Toolbox toolbox =
          new Toolbox() {
            @Override
            public List<ToolSpecification> specifications() {
              return tools;
            }

            @Override
            public Observation execute(ToolCall call, RunContext context) {
              WorldStep step = steps.remove();
              return new Observation(
                  step.failed() ? Observation.Status.FAILED : Observation.Status.OK,
                  step.observation());
            }
          };
      AgentResult result =
          Agent.builder()
              .roles(Roles.tuned(this, format))
              .tools(toolbox)
              .build()
              .after(before)
              .run(task.task());
      assertThat(gold).as("%s: %s", task, result).isEmpty();
      return result;
    }
  }

  private static Set<Seen> live(PromptFormat format) {
    LiveRuns runs = new LiveRuns(format);
    ToolWorld world = ToolWorld.load(Split.TRAIN);
    for (int i = 0; i < SETS; i++) {
      runs.run(world.set(SEED, i, 4));
    }
    return runs.asked;
  }

  private static Set<Seen> ofWeight1(List<Seen> seen) {
    Set<Seen> all = new LinkedHashSet<>();
    seen.forEach(one -> all.add(new Seen(one.role, one.prompt, one.turn, 1)));
    return all;
  }

  @Test
  void should_give_each_turn_the_ids_that_a_live_run_gives_the_engine() throws IOException {
    Set<Seen> asked = live(PromptFormat.compact());

    List<Seen> learnt = seen(packs(sets(), PromptFormat.compact(), STAGE_1, 2_048));

    assertThat(asked).hasSizeGreaterThan(80);
    assertThat(texts(ofWeight1(learnt))).isEqualTo(texts(asked));
    assertThat(ofWeight1(learnt)).isEqualTo(asked);
    assertThat(learnt).as("each turn is learnt once").hasSameSizeAs(asked);
  }

  @Test
  void should_give_the_ids_of_live_runs_in_the_published_format_too() throws IOException {
    Set<Seen> asked = live(PromptFormat.alphaUmi());

    List<Seen> learnt = seen(packs(sets(), PromptFormat.alphaUmi(), STAGE_1, 16_384));

    assertThat(texts(ofWeight1(learnt))).isEqualTo(texts(asked));
    Map<List<Integer>, List<Integer>> turns = new LinkedHashMap<>();
    learnt.forEach(one -> turns.put(one.prompt, one.turn));
    assertThat(learnt).hasSameSizeAs(asked);
    for (Seen one : asked) {
      assertThat(turns).containsKey(one.prompt);
      assertThat(text(turns.get(one.prompt))).isEqualTo(text(one.turn));
    }
  }

  private static String text(List<Integer> ids) {
    return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Where something differs, words are easier to read than ids. */
  private static Set<String> texts(Set<Seen> all) {
    Set<String> texts = new TreeSet<>();
    all.forEach(one -> texts.add(text(one.prompt) + "=>" + text(one.turn)));
    return texts;
  }

  @Test
  void should_say_what_decides_a_turn() throws IOException {
    PackFile packs = packs(sets(), PromptFormat.compact(), STAGE_1, 2_048);

    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < packs.size(); i++) {
      Pack pack = packs.at(i);
      for (Pack.Turn turn : pack.turns()) {
        String whole = text(pack, turn.from(), turn.to());
        String decisive = text(pack, turn.from(), turn.from() + turn.decisive());
        counts.merge(turn.role(), 1, Integer::sum);
        assertThat(whole).startsWith(decisive).endsWith("<|im_end|>");
        switch (turn.role()) {
          case "caller" -> assertThat(decisive).matches("Action: [\\w-]+\n?");
          case "summarizer" -> assertThat(whole).isIn(decisive, decisive + "<|im_end|>");
          default -> {
            if (whole.contains("Next: caller.")) {
              assertThat(decisive).matches("(?s).*Call [\\w-]+\\.?").doesNotContain("Next:");
            } else {
              assertThat(decisive).matches(".*Next: (conclusion|give up)\\.");
            }
          }
        }
      }
    }
    assertThat(counts).containsOnlyKeys("planner", "caller", "summarizer");
  }

  private static String text(Pack pack, int from, int to) {
    return tokenizer.decode(Arrays.copyOfRange(pack.tokens(), from, to));
  }

  @Test
  void should_learn_the_turns_of_one_role_only_and_read_no_further_than_they_go()
      throws IOException {
    PackFile whole = packs(sets(), PromptFormat.compact(), STAGE_1, 2_048);
    Set<Seen> all = ofWeight1(seen(whole));
    Set<Seen> parts = new HashSet<>();
    for (String role : GlpftConfig.ROLES) {
      Lesson lesson = new Lesson(false, Map.of(role, 1f), Half.ALL);
      PackFile packs = packs(sets(), PromptFormat.compact(), lesson, 2_048);
      List<Seen> seen = seen(packs);
      assertThat(seen).isNotEmpty().allMatch(one -> one.role.equals(role));
      assertThat(packs.statistics().tokens()).isLessThan(whole.statistics().tokens());
      parts.addAll(seen);
      for (int i = 0; i < packs.size(); i++) {
        Pack pack = packs.at(i);
        assertThat(pack.turns().get(pack.turns().size() - 1).to()).isEqualTo(pack.length());
      }
    }
    assertThat(parts).isEqualTo(all);
  }

  @Test
  void should_learn_the_first_plan_of_each_task_only_where_that_is_wanted() throws IOException {
    PromptFormat format = PromptFormat.compact();
    SampleFile sets = TrainingData.open(sets(), format, false);
    List<Seen> whole = seen(packs(sets, format, STAGE_1, 2_048));
    List<Seen> first = seen(packs(new FirstPlans(sets), format, STAGE_1, 2_048));

    assertThat(first).isNotEmpty().hasSizeLessThan(whole.size() / 3);
    assertThat(whole).containsAll(first);
    for (Seen one : first) {
      assertThat(one.role).isEqualTo("planner");
      String read = tokenizer.decode(one.prompt.stream().mapToInt(i -> i).toArray());
      assertThat(read.substring(read.lastIndexOf("user\n"))).doesNotContain("observation\n");
    }
  }

  @Test
  void should_weigh_roles() throws IOException {
    for (Seen one : seen(packs(sets(), PromptFormat.compact(), STAGE_1, 2_048))) {
      assertThat(one.weight).isEqualTo(one.role.equals("planner") ? 2f : 1f);
    }
  }

  @Test
  void should_split_sets_that_are_too_long_and_repeat_their_beginning() throws IOException {
    PackFile whole = packs(sets(), PromptFormat.compact(), STAGE_1, 4_096);
    PackFile split = packs(sets(), PromptFormat.compact(), STAGE_1, 700);

    assertThat(whole.size()).isLessThan(split.size());
    for (int i = 0; i < split.size(); i++) {
      assertThat(split.at(i).length()).isLessThanOrEqualTo(700);
    }
    Set<Seen> left = new HashSet<>(seen(whole));
    left.removeAll(seen(split));
    assertThat(left)
        .hasSize((int) split.statistics().tooLong())
        .allMatch(one -> one.prompt.size() + one.turn.size() > 700);
  }

  @Test
  void should_put_short_conversations_together_and_share_tools_of_neighbours() throws IOException {
    PackFile ofSets = packs(sets(), PromptFormat.compact(), STAGE_1, 2_048);
    PackFile ofConversations = packs(conversations(), PromptFormat.compact(), STAGE_1, 2_048);

    List<Seen> all = seen(ofConversations);
    assertThat(new HashSet<>(seen(ofSets))).containsAll(all);
    assertThat(all).hasSizeGreaterThan(60).doesNotHaveDuplicates();
    assertThat(ofConversations.size()).isLessThan(Files.readAllLines(conversations()).size());
    assertThat(ofConversations.at(0).branches()).contains(2);
  }

  @Test
  void should_read_the_samples_of_roles_as_the_conversations_they_come_from() throws IOException {
    Path roles = TrainingData.roles(conversations(), folder.resolve("roles"), "compact");
    for (String role : GlpftConfig.ROLES) {
      Lesson lesson = new Lesson(false, Map.of(role, 1f), Half.ALL);
      PackFile samples =
          packs(roles.resolve("train_" + role + ".json"), PromptFormat.compact(), lesson, 2_048);
      PackFile whole = packs(conversations(), PromptFormat.compact(), lesson, 2_048);

      assertThat(new HashSet<>(seen(samples))).isEqualTo(new HashSet<>(seen(whole)));
      assertThat(samples.size()).as("packed").isLessThan(seen(samples).size());
    }
  }

  @Test
  void should_part_the_tasks_between_backbone_and_roles_where_they_are_not_reused()
      throws IOException {
    List<Seen> all = seen(packs(sets(), PromptFormat.compact(), STAGE_1, 2_048));
    List<Seen> backbone =
        seen(packs(sets(), PromptFormat.compact(), new Lesson(false, ALL, Half.BACKBONE), 2_048));
    List<Seen> roles =
        seen(packs(sets(), PromptFormat.compact(), new Lesson(false, ALL, Half.ROLES), 2_048));

    assertThat(backbone).isNotEmpty().doesNotContainAnyElementsOf(roles);
    assertThat(roles).isNotEmpty();
    Set<Seen> both = new HashSet<>(backbone);
    both.addAll(roles);
    assertThat(both).isEqualTo(new HashSet<>(all));
  }

  @Test
  void should_let_a_single_model_learn_rationale_and_call_in_one_turn() throws IOException {
    Lesson joined = new Lesson(true, ALL, Half.ALL);
    PackFile packs = packs(sets(), PromptFormat.alphaUmi(), joined, 8_192);

    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < packs.size(); i++) {
      Pack pack = packs.at(i);
      List<Pack.Turn> turns = pack.turns();
      for (int t = 0; t < turns.size(); t++) {
        Pack.Turn turn = turns.get(t);
        if (turn.role().equals("caller")) {
          assertThat(turns.get(t - 1).to()).isEqualTo(turn.from());
          assertThat(text(pack, turn.from(), turn.to())).startsWith("Action: ").endsWith("</s>");
          texts.append(text(pack, turns.get(t - 1).from(), turn.to())).append('\n');
        }
      }
    }
    assertThat(texts.toString()).contains("\nAction: ").doesNotContain("Next: caller.");
    assertThat(packs.statistics().lines().toString()).contains("summarizer");
  }

  @Test
  void should_give_the_same_packs_in_the_same_order_from_any_place() throws IOException {
    PackFile packs = packs(sets(), PromptFormat.compact(), STAGE_1, 1_024);
    List<ShuffledPacks.Part> parts = List.of(new ShuffledPacks.Part(packs, 1));
    ShuffledPacks one = new ShuffledPacks(parts, 5);
    ShuffledPacks again = new ShuffledPacks(parts, 5);
    ShuffledPacks other = new ShuffledPacks(parts, 6);
    int epoch = one.epochSize();

    List<List<Integer>> first = new ArrayList<>();
    List<List<Integer>> second = new ArrayList<>();
    List<List<Integer>> ofOther = new ArrayList<>();
    for (int i = 0; i < epoch; i++) {
      first.add(list(one.at(i).tokens()));
      second.add(list(one.at(epoch + i).tokens()));
      ofOther.add(list(other.at(i).tokens()));
    }
    for (int i = epoch - 1; i >= 0; i--) {
      assertThat(list(again.at(i).tokens())).isEqualTo(first.get(i));
    }

    assertThat(epoch).isEqualTo(packs.size());
    assertThat(first).doesNotHaveDuplicates();
    assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
    assertThat(ofOther).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void should_mix_files_by_their_shares() throws IOException {
    Path more =
        TrainingData.world(folder.resolve("more.jsonl"), "--seed", SEED + 1, "--sets", SETS);
    PackFile a = packs(sets(), PromptFormat.compact(), STAGE_1, 4_096);
    PackFile b = packs(more, PromptFormat.compact(), STAGE_1, 4_096);
    ShuffledPacks mixed =
        new ShuffledPacks(List.of(new ShuffledPacks.Part(a, 0.5), new ShuffledPacks.Part(b, 2)), 3);

    Map<List<Integer>, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < 2 * mixed.epochSize(); i++) {
      counts.merge(list(mixed.at(i).tokens()), 1, Integer::sum);
    }

    assertThat(mixed.epochSize()).isEqualTo(a.size() / 2 + 2 * b.size());
    for (int i = 0; i < a.size(); i++) {
      assertThat(counts).containsEntry(list(a.at(i).tokens()), 1);
    }
    for (int i = 0; i < b.size(); i++) {
      assertThat(counts).containsEntry(list(b.at(i).tokens()), 4);
    }
  }
}
