package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Packs of random tokens. */
final class TinyPacks {
  private TinyPacks() {}

  /** A shared beginning and branches with two turns each. */
  static Pack of(long seed, int beginning, int... branches) {
    Random random = new Random(seed);
    List<int[]> rows = new ArrayList<>();
    List<Pack.Turn> turns = new ArrayList<>();
    for (int i = 0; i < beginning; i++) {
      rows.add(new int[] {token(random), i, 0});
    }
    for (int branch = 1; branch <= branches.length; branch++) {
      int from = rows.size();
      for (int i = 0; i < branches[branch - 1]; i++) {
        rows.add(new int[] {token(random), beginning + i, branch});
      }
      int half = branches[branch - 1] / 2;
      turns.add(new Pack.Turn("planner", from + 1, from + half, 2, 2));
      turns.add(new Pack.Turn("caller", from + half + 1, rows.size(), 1, 1));
    }
    return new Pack(column(rows, 0), column(rows, 1), column(rows, 2), turns);
  }

  private static int token(Random random) {
    return random.nextInt(TinyCheckpoint.VOCABULARY);
  }

  private static int[] column(List<int[]> rows, int column) {
    return rows.stream().mapToInt(row -> row[column]).toArray();
  }

  /** The shared beginning with one of the branches, as an ordinary sequence. */
  static Pack alone(Pack pack, int branch) {
    int[] places =
        IntStream.range(0, pack.length())
            .filter(i -> pack.branches()[i] == 0 || pack.branches()[i] == branch)
            .toArray();
    int shift = 0;
    for (int i = 0; i < pack.length() && pack.branches()[i] != branch; i++) {
      shift += pack.branches()[i] == 0 ? 0 : 1;
    }
    int back = shift;
    List<Pack.Turn> turns =
        pack.turns().stream()
            .filter(turn -> pack.branches()[turn.from()] == branch)
            .map(
                turn ->
                    new Pack.Turn(
                        turn.role(),
                        turn.from() - back,
                        turn.to() - back,
                        turn.decisive(),
                        turn.weight()))
            .toList();
    return new Pack(
        pick(pack.tokens(), places), pick(pack.positions(), places), new int[places.length], turns);
  }

  private static int[] pick(int[] values, int[] places) {
    return IntStream.of(places).map(i -> values[i]).toArray();
  }
}
