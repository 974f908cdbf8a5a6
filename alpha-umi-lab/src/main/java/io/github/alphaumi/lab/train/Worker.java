package io.github.alphaumi.lab.train;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** A thread that computes with the network, and sums of gradients of its own. */
@SuppressWarnings("try") // A scope is there to be closed.
final class Worker implements AutoCloseable {
  private final Network network;
  private final Tensor sums;
  private final Gradients gradients;
  private final ExecutorService thread;

  Worker(int number, Network network, Trainable trainable, int threads) {
    this.network = network;
    sums = Tensors.zeros(trainable.values().numel());
    gradients = trainable.gradients(sums);
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made =
                  new Thread(
                      () -> {
                        Natives.ofThisThread(threads);
                        task.run();
                      },
                      "trainer-" + number);
              made.setDaemon(true);
              return made;
            });
  }

  /** Sums gradients anew; the result is the sum of the packs' losses. */
  Future<Double> learn(List<Pack> packs) {
    return thread.submit(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            sums.zero_();
          }
          double loss = 0;
          for (Pack pack : packs) {
            loss += network.learn(pack, gradients);
          }
          return loss;
        });
  }

  Future<Network.Score> score(Packs packs, long index) {
    return thread.submit(() -> network.score(packs.at(index)));
  }

  /** What {@link #learn} found. */
  Tensor sums() {
    return sums;
  }

  /** Waits for what it computes: the tensors that it uses end with the training. */
  @Override
  public void close() {
    thread.shutdownNow();
    Uninterruptibles.awaitTerminationUninterruptibly(thread);
  }
}
