package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final int WORKERS = 3;

  /**
   * Packs of many lengths, of which every fifth has nothing to learn; the first token is a name.
   */
  private static Pack pack(long index) {
    int length = 10 + new Random(index).nextInt(200);
    int[] tokens = new int[length];
    tokens[0] = (int) index;
    List<Pack.Turn> turns =
        index % 5 == 0 ? List.of() : List.of(new Pack.Turn("planner", 1, 2, 1, 1));
    return new Pack(tokens, new int[length], new int[length], turns);
  }

  private static Rounds rounds(Rounds.Place place) {
    return new Rounds(RoundsTest::pack, WORKERS, 4, place);
  }

  @Test
  void each_pack_with_a_turn_comes_once() {
    Rounds rounds = rounds(new Rounds.Place(0, 0));
    List<Integer> names = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      rounds.next().forEach(pack -> names.add(pack.tokens()[0]));
    }

    List<Integer> expected = new ArrayList<>();
    for (int i = 0; expected.size() < names.size(); i++) {
      if (i % 5 != 0) {
        expected.add(i);
      }
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected).isNotEqualTo(expected);
  }

  @Test
  void packs_of_a_round_are_of_about_one_length() {
    Rounds rounds = rounds(new Rounds.Place(0, 0));
    double waited = 0;
    double worked = 0;
    for (int i = 0; i < 64; i++) {
      List<Pack> round = rounds.next();
      int longest = round.stream().mapToInt(Pack::length).max().orElseThrow();
      for (Pack pack : round) {
        waited += longest - pack.length();
        worked += pack.length();
      }
    }

    assertThat(waited / worked).isLessThan(0.06);
  }

  @Test
  void rounds_go_on_from_any_place() {
    Rounds rounds = rounds(new Rounds.Place(0, 0));
    for (int i = 0; i < 40; i++) {
      Rounds resumed = rounds(rounds.place());
      List<Pack> next = rounds.next();
      assertThat(resumed.next().stream().map(pack -> pack.tokens()[0]))
          .containsExactlyElementsOf(next.stream().map(pack -> pack.tokens()[0]).toList());
      assertThat(resumed.place()).isEqualTo(rounds.place());
    }
  }
}
