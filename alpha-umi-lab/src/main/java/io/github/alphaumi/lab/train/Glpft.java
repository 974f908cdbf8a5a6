package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.onnx.Tokenizer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * GLPFT and its ablations by one configuration: reads the data, trains stage after stage, and lays
 * out what was made as an agent loads it. Killed at any time and started again, it goes on where it
 * was: a finished stage is not repeated.
 *
 * @see <a href="https://arxiv.org/abs/2401.07324">Small LLMs Are Weak Tool Learners</a>
 */
public final class Glpft {
  private final GlpftConfig config;
  private final SampleFiles files;
  private final PromptFormat format;
  private final List<Stage> stages;

  private Glpft(GlpftConfig config, SampleFiles files) {
    this.config = config;
    this.files = files;
    format = files.format(config.format());
    stages = Stage.of(config);
    if (format.ending().isEmpty()) {
      throw new AlphaUmiException(
          "prompt format "
              + config.format()
              + ": its 'stops' are empty, so that a model would not learn to end its turns; add"
              + " the text that ends one");
    }
  }

  /**
   * Reads a configuration.
   *
   * @param seed instead of the file's; null: the file's
   * @param out folder for all that is made instead of the file's; null: the file's
   * @throws AlphaUmiException naming the key that is wrong and what it may be
   */
  public static Glpft read(
      Path config, SampleFiles files, @Nullable Long seed, @Nullable Path out) {
    return new Glpft(GlpftConfig.read(config, seed, out), files);
  }

  /** What each stage learns and is measured by. */
  private record Prepared(Map<Stage, List<PackFile>> training, Map<Stage, PackFile> held) {}

  /**
   * Reads all data and says what is in them; trains nothing.
   *
   * @throws AlphaUmiException if a record is not what it should be, or a stage would learn nothing
   */
  public void check(GlpftListener listener) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.load(config.base())) {
      prepare(tokenizer, listener);
    }
  }

  /**
   * Writes what the first stage is trained with, for another training loop: a line with its
   * options, then its packs in their order, as many as it takes.
   *
   * @param file a line each is a JSON object; of a pack {@code tokens}, {@code positions}, {@code
   *     branches} and {@code learn}, which has {@code [from, to, weight]} of each turn
   * @throws AlphaUmiException as {@link #check} does
   */
  public void writePacks(Path file, GlpftListener listener) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Stage stage = stages.get(0);
    try (Tokenizer tokenizer = Tokenizer.load(config.base());
        BufferedWriter out = Files.newBufferedWriter(file)) {
      Packs packs = new ShuffledPacks(parts(prepare(tokenizer, listener), stage), config.seed());
      out.write(stage.options().toJson() + "\n");
      int count = 0;
      for (long tokens = 0; tokens < stage.options().tokens(); count++) {
        Pack pack = packs.at(count);
        tokens += pack.length();
        ObjectNode line = json.createObjectNode();
        line.set("tokens", json.valueToTree(pack.tokens()));
        line.set("positions", json.valueToTree(pack.positions()));
        line.set("branches", json.valueToTree(pack.branches()));
        ArrayNode learn = line.putArray("learn");
        for (Pack.Turn turn : pack.turns()) {
          learn.addArray().add(turn.from()).add(turn.to()).add(turn.weight());
        }
        out.write(line + "\n");
      }
      listener.says("wrote %,d packs of '%s' to %s".formatted(count, stage.name(), file));
    }
  }

  /**
   * Trains all stages.
   *
   * @throws AlphaUmiException if a record is not what it should be, a stage would learn nothing, or
   *     the output folder has a training of other settings or data
   */
  public void run(GlpftListener listener) throws IOException {
    Map<String, StageResult> results = new LinkedHashMap<>();
    try (Tokenizer tokenizer = Tokenizer.load(config.base())) {
      Prepared prepared = prepare(tokenizer, listener);
      for (Stage stage : stages) {
        results.put(stage.name(), result(stage, prepared, results, listener));
      }
    }
    Report.table(results).forEach(listener::says);
    ModelLayout layout = new ModelLayout(config, format);
    layout.write(results).forEach(listener::says);
  }

  private Prepared prepare(Tokenizer tokenizer, GlpftListener listener) throws IOException {
    SampleEncoder encoder = new SampleEncoder(tokenizer, format.ending());
    List<Lesson> lessons = stages.stream().map(Stage::lesson).toList();
    Map<Stage, List<PackFile>> training = new LinkedHashMap<>();
    stages.forEach(stage -> training.put(stage, new ArrayList<>()));
    for (GlpftConfig.Data data : config.data()) {
      SampleFile file = open(data.file(), data.role());
      List<PackFile> packs =
          read(
              data.firstPlans() ? new FirstPlans(file) : file,
              encoder,
              lessons,
              Integer.MAX_VALUE,
              listener);
      for (int i = 0; i < lessons.size(); i++) {
        Objects.requireNonNull(training.get(stages.get(i))).add(packs.get(i));
      }
    }
    Map<Stage, PackFile> held = new LinkedHashMap<>();
    GlpftConfig.HeldOut heldOut = config.heldOut();
    if (heldOut != null) {
      List<Lesson> all = lessons.stream().map(Lesson::ofAllTasks).toList();
      SampleFile file = open(heldOut.file(), heldOut.role());
      List<PackFile> packs = read(file, encoder, all, heldOut.records(), listener);
      for (int i = 0; i < lessons.size(); i++) {
        held.put(stages.get(i), packs.get(i));
      }
    }
    Prepared prepared = new Prepared(training, held);
    for (Stage stage : stages) {
      Report.data(stage, parts(prepared, stage), held.get(stage)).forEach(listener::says);
    }
    for (Stage stage : stages) {
      if (parts(prepared, stage).stream().allMatch(part -> part.count() == 0)) {
        throw new AlphaUmiException(
            "stage '" + stage.name() + "': nothing in the data that it could learn");
      }
    }
    return prepared;
  }

  private SampleFile open(Path file, @Nullable String role) throws IOException {
    boolean joined = config.backbone() == GlpftConfig.Backbone.JOINED;
    return files.open(file, format, joined, role);
  }

  private List<PackFile> read(
      SampleFile file,
      SampleEncoder encoder,
      List<Lesson> lessons,
      int records,
      GlpftListener listener)
      throws IOException {
    int last = Math.min(records, file.size());
    return PackFile.of(
        file,
        encoder,
        lessons,
        config.packTokens(),
        records,
        done -> listener.reads(file.name(), done, last));
  }

  private List<ShuffledPacks.Part> parts(Prepared prepared, Stage stage) {
    List<PackFile> packs = Objects.requireNonNull(prepared.training.get(stage));
    List<ShuffledPacks.Part> parts = new ArrayList<>();
    for (int i = 0; i < packs.size(); i++) {
      parts.add(new ShuffledPacks.Part(packs.get(i), config.data().get(i).share()));
    }
    return parts;
  }

  private StageResult result(
      Stage stage, Prepared prepared, Map<String, StageResult> before, GlpftListener listener)
      throws IOException {
    TrainingData data = data(stage, prepared);
    StageResult from = stage.from() == null ? null : before.get(stage.from());
    String identity = identity(stage, data, from);
    Path folder = config.out().resolve(stage.name());
    Optional<StageResult> finished = StageResult.read(folder);
    if (finished.isPresent()) {
      if (!finished.get().identity().equals(identity)) {
        throw new AlphaUmiException(
            folder
                + " holds a finished training of other settings or data; delete it, or choose"
                + " another 'out'");
      }
      listener.says(stage.name() + ": finished before");
      return finished.get();
    }
    Path made;
    try {
      made =
          new Trainer(
                  config.base(),
                  from == null ? config.start() : from.model(),
                  stage.options(),
                  data,
                  folder,
                  new StageWatch(stage, listener))
              .run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new AlphaUmiException("stage '" + stage.name() + "': " + e.getMessage(), e);
    }
    StageResult result = StageResult.of(folder, identity, made);
    result.write(folder);
    return result;
  }

  private TrainingData data(Stage stage, Prepared prepared) {
    Packs training = new ShuffledPacks(parts(prepared, stage), config.seed());
    PackFile held = prepared.held.get(stage);
    Hasher hash = Hashing.sha256().newHasher();
    put(hash, format, config.seed(), config.packTokens(), stage.lesson().describe());
    for (ShuffledPacks.Part part : parts(prepared, stage)) {
      put(hash, part.packs().file().sha256(), part.share());
    }
    if (held != null) {
      put(hash, held.file().sha256(), held.size());
    }
    return new TrainingData(
        training,
        held == null ? training : index -> held.at(Math.toIntExact(index)),
        held == null ? 0 : held.size(),
        hash.hash().toString());
  }

  private String identity(Stage stage, TrainingData data, @Nullable StageResult from)
      throws IOException {
    Hasher hash = Hashing.sha256().newHasher();
    put(hash, data.identity(), stage.options().toJson(), config.base().getFileName());
    Path start = config.start();
    if (from != null) {
      put(hash, from.identity());
    } else {
      put(hash, start == null ? "base" : Trainer.hash(start, stage.options()));
    }
    return hash.hash().toString();
  }

  private static void put(Hasher hash, Object... values) {
    for (Object value : values) {
      hash.putString(value + "\n", StandardCharsets.UTF_8);
    }
  }
}
