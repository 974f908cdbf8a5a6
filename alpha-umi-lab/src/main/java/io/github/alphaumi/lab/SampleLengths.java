package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How long the samples of a file of token ids are.
 *
 * @param learnt tokens that a loss is taken on
 */
record SampleLengths(
    String file, long samples, long tokens, long learnt, int median, int most95, int longest) {
  static final String HEADER =
      String.format(
          "%-27s %10s %13s %12s %7s %7s %8s",
          "file", "samples", "tokens", "learnt", "median", "95 %", "longest");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param limit tokens that a sample has at most
   */
  static SampleLengths of(Path file, int limit) throws IOException {
    long[] lengths = new long[limit + 1];
    long samples = 0;
    long tokens = 0;
    long learnt = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode sample = JSON.readTree(line);
        int length = sample.get("ids").size();
        lengths[length]++;
        samples++;
        tokens += length;
        for (JsonNode span : sample.get("learn")) {
          learnt += span.get(1).asInt() - span.get(0).asInt();
        }
      }
    }
    return new SampleLengths(
        String.valueOf(file.getFileName()),
        samples,
        tokens,
        learnt,
        quantile(lengths, samples, 0.5),
        quantile(lengths, samples, 0.95),
        quantile(lengths, samples, 1));
  }

  private static int quantile(long[] lengths, long samples, double share) {
    long before = 0;
    for (int length = 0; length < lengths.length; length++) {
      before += lengths[length];
      if (samples > 0 && before >= share * samples) {
        return length;
      }
    }
    return 0;
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-27s %,10d %,13d %,12d %,7d %,7d %,8d",
        file,
        samples,
        tokens,
        learnt,
        median,
        most95,
        longest);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file);
    json.put("samples", samples);
    json.put("tokens", tokens);
    json.put("learntTokens", learnt);
    json.put("median", median);
    json.put("percentile95", most95);
    json.put("longest", longest);
    return json;
  }
}
