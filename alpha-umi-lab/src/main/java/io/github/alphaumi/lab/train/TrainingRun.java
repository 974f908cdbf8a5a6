package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The loop of a training: packs, gradients, update, and now and then held-out packs and a
 * checkpoint.
 */
@SuppressWarnings("try") // A scope is there to be closed.
final class TrainingRun {
  private static final double SMOOTHING = 0.9;

  /** Packs in a row without anything to learn, after which there will be none. */
  private static final int MOST_EMPTY = 100_000;

  private final TrainingOptions options;
  private final TrainingData data;
  private final Trainable trainable;
  private final ObjectNode origin;
  private final Path output;
  private final TrainingListener listener;
  private final AdamW optimizer;
  private final LearningRate learningRate;
  private final List<Tensor> rows;
  private final List<Worker> workers = new ArrayList<>();

  private long step;
  private long tokens;
  private long nextPack;
  private double smoothedLoss = Double.NaN;
  private long nanos;
  private long tokensHere;

  TrainingRun(
      TrainingOptions options,
      TrainingData data,
      Trainable trainable,
      ObjectNode origin,
      Path output,
      TrainingListener listener) {
    this.options = options;
    this.data = data;
    this.trainable = trainable;
    this.origin = origin;
    this.output = output;
    this.listener = listener;
    optimizer = new AdamW(options, trainable);
    learningRate = new LearningRate(options);
    rows = List.of(trainable.values(), optimizer.mean(), optimizer.square());
  }

  void run() throws IOException {
    long logLength = 0;
    Path checkpoint = output.resolve(Trainer.CHECKPOINT);
    if (Files.exists(checkpoint)) {
      TrainingState state = TrainingState.read(checkpoint, origin, rows);
      step = state.step();
      tokens = state.tokens();
      nextPack = state.nextPack();
      smoothedLoss = state.smoothedLoss();
      logLength = state.logLength();
      if (state.finished()) {
        if (!Files.exists(output.resolve(Trainer.RESULT))) {
          Trainer.write(trainable, output);
        }
        return;
      }
    }
    trainable.apply();
    Network network = new Network(trainable.weights(), options.recompute(), options.headTokens());
    try (TrainingLog log = new TrainingLog(output.resolve(Trainer.LOG), logLength)) {
      for (int i = 0; i < options.workers(); i++) {
        workers.add(new Worker(i, network, trainable, options.threads()));
      }
      run(log);
    } finally {
      workers.forEach(Worker::close);
    }
  }

  private void run(TrainingLog log) throws IOException {
    if (step == 0) {
      evaluate(log);
    }
    while (tokens < options.tokens()) {
      long before = tokens;
      TrainingStep done = update();
      log.add(done);
      listener.updated(done);
      boolean last = tokens >= options.tokens();
      if (last || before / options.evaluateEvery() < tokens / options.evaluateEvery()) {
        evaluate(log);
      }
      if (last || before / options.checkpointEvery() < tokens / options.checkpointEvery()) {
        checkpoint(log, last);
      }
    }
  }

  private void checkpoint(TrainingLog log, boolean finished) throws IOException {
    Trainer.write(trainable, output);
    new TrainingState(origin, step, tokens, nextPack, smoothedLoss, log.length(), finished)
        .write(output.resolve(Trainer.CHECKPOINT), rows);
  }

  private TrainingStep update() {
    long start = System.nanoTime();
    List<Pack> packs = gather();
    long length = packs.stream().mapToLong(Pack::length).sum();
    double weight = packs.stream().mapToDouble(pack -> new Targets(pack).weight()).sum();
    double loss = learn(packs) / weight;
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          "the loss is %s at update %d; delete %s and start anew with a lower learningRate than %s"
              .formatted(loss, step + 1, output, options.learningRate()));
    }
    step++;
    tokens += length;
    tokensHere += length;
    double rate = learningRate.at(tokens);
    double norm = change(weight, rate);
    smoothedLoss =
        Double.isNaN(smoothedLoss) ? loss : SMOOTHING * smoothedLoss + (1 - SMOOTHING) * loss;
    long took = System.nanoTime() - start;
    nanos += took;
    long left = Math.max(0, options.tokens() - tokens);
    return new TrainingStep(
        step,
        tokens,
        nextPack,
        loss,
        smoothedLoss,
        rate,
        norm,
        length * 1e9 / took,
        Duration.ofNanos((long) ((double) nanos / tokensHere * left)));
  }

  /** As many packs as an update has, the same number for each worker. */
  private List<Pack> gather() {
    List<Pack> packs = new ArrayList<>();
    int gathered = 0;
    int empty = 0;
    while (gathered < options.tokensPerUpdate() || packs.size() % options.workers() != 0) {
      Pack pack = data.training().at(nextPack++);
      if (!pack.turns().isEmpty()) {
        packs.add(pack);
        gathered += pack.length();
        empty = 0;
      } else if (++empty > MOST_EMPTY) {
        throw new IllegalArgumentException(
            "%d packs in a row have no turn to learn; do the data have turns of the roles that are trained?"
                .formatted(empty));
      }
    }
    return packs;
  }

  private double learn(List<Pack> packs) {
    List<Future<Double>> sums = new ArrayList<>();
    List<List<Pack>> shares = shares(packs);
    for (int i = 0; i < workers.size(); i++) {
      sums.add(workers.get(i).learn(shares.get(i)));
    }
    double loss = 0;
    for (Future<Double> sum : sums) {
      loss += get(sum);
    }
    return loss;
  }

  /** The longest pack goes to the worker that has least, then the next one. */
  private List<List<Pack>> shares(List<Pack> packs) {
    List<List<Pack>> shares = new ArrayList<>();
    long[] loads = new long[workers.size()];
    workers.forEach(worker -> shares.add(new ArrayList<>()));
    for (Pack pack : packs.stream().sorted(Comparator.comparingInt(p -> -p.length())).toList()) {
      int least = 0;
      for (int i = 1; i < loads.length; i++) {
        least = loads[i] < loads[least] ? i : least;
      }
      shares.get(least).add(pack);
      loads[least] += pack.length();
    }
    return shares;
  }

  /** Adds up the workers' gradients in their order, clips, and takes a step. */
  private double change(double weight, double rate) {
    try (PointerScope scope = new PointerScope()) {
      Tensor gradient = workers.get(0).sums();
      workers.stream().skip(1).forEach(worker -> gradient.add_(worker.sums()));
      gradient.div_(new Scalar(weight));
      double norm = gradient.norm().item_double();
      if (norm > options.clip()) {
        gradient.mul_(new Scalar(options.clip() / norm));
      }
      optimizer.update(step, rate, gradient);
      trainable.apply();
      return norm;
    }
  }

  private void evaluate(TrainingLog log) throws IOException {
    if (data.heldCount() == 0) {
      return;
    }
    List<Future<Network.Score>> scores = new ArrayList<>();
    for (int i = 0; i < data.heldCount(); i++) {
      scores.add(workers.get(i % workers.size()).score(data.held(), i));
    }
    SortedMap<String, Evaluation.Counts> roles = new TreeMap<>();
    double loss = 0;
    long targets = 0;
    for (Future<Network.Score> future : scores) {
      Network.Score score = get(future);
      loss += score.loss();
      targets += score.targets();
      score.roles().forEach((role, counts) -> roles.merge(role, counts, Evaluation.Counts::plus));
    }
    Evaluation evaluation = new Evaluation(tokens, loss / Math.max(1, targets), roles);
    log.add(evaluation);
    listener.evaluated(evaluation);
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a worker failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the training was interrupted; start it again to go on", e);
    }
  }
}
