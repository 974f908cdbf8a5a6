package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What there is to learn in packs, in numbers. */
final class PackStatistics {
  private long records;
  private long samples;
  private long sampleTokens;
  private long tooLong;
  private long packs;
  private long rows;
  private long tokens;
  private int longest;
  private final Map<String, Long> turns = new TreeMap<>();
  private final Map<String, Long> targets = new TreeMap<>();

  /** A record and the steps, each with its prompt, that are learnt of it. */
  void record(List<SampleEncoder.Encoded> learnt) {
    records += learnt.isEmpty() ? 0 : 1;
    samples += learnt.size();
    learnt.forEach(sample -> sampleTokens += sample.tokens().length);
  }

  void tooLong(int count) {
    tooLong += count;
  }

  void pack(Pack pack, int branches) {
    packs++;
    rows += branches;
    tokens += pack.length();
    longest = Math.max(longest, pack.length());
    for (Pack.Turn turn : pack.turns()) {
      turns.merge(turn.role(), 1L, Long::sum);
      targets.merge(turn.role(), (long) turn.to() - turn.from(), Long::sum);
    }
  }

  void add(PackStatistics other) {
    records += other.records;
    samples += other.samples;
    sampleTokens += other.sampleTokens;
    tooLong += other.tooLong;
    packs += other.packs;
    rows += other.rows;
    tokens += other.tokens;
    longest = Math.max(longest, other.longest);
    other.turns.forEach((role, count) -> turns.merge(role, count, Long::sum));
    other.targets.forEach((role, count) -> targets.merge(role, count, Long::sum));
  }

  long tokens() {
    return tokens;
  }

  /** Turns that no pack has room for. */
  long tooLong() {
    return tooLong;
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("%,12d  records, %,d rows in %,d packs", records, rows, packs));
    lines.add(
        line(
            "%,12d  tokens, %,.0f a pack, the longest %,d",
            tokens, packs == 0 ? 0.0 : (double) tokens / packs, longest));
    lines.add(
        line(
            "%,12d  tokens if each of the %,d steps were read alone: %.1f times as many",
            sampleTokens, samples, tokens == 0 ? 0.0 : (double) sampleTokens / tokens));
    turns.forEach(
        (role, count) ->
            lines.add(
                line(
                    "%,12d  turns of the %s, %,d tokens to learn",
                    count, role, targets.getOrDefault(role, 0L))));
    if (tooLong > 0) {
      lines.add(
          line("%,12d  turns left out: longer than packTokens with what they follow", tooLong));
    }
    return lines;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
