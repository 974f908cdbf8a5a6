package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A picture of a training's log: losses above, exact turns of each role below, by tokens. */
final class TrainingCurve {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 220;
  private static final int LEFT = 60;
  private static final int TOP = 30;
  private static final int GAP = 60;
  private static final int RIGHT = 150;
  private static final int LINES = 4;
  private static final String[] COLORS = {"#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e"};

  private final Map<String, List<double[]>> losses = new TreeMap<>();
  private final Map<String, List<double[]>> exact = new TreeMap<>();
  private final StringBuilder svg = new StringBuilder();

  private TrainingCurve() {}

  /** Draws the log into a file. */
  static void draw(Path log, Path file) throws IOException {
    TrainingCurve curve = new TrainingCurve();
    ObjectMapper json = new ObjectMapper();
    try (Stream<String> lines = Files.lines(log)) {
      for (String line : (Iterable<String>) lines::iterator) {
        curve.add(json.readTree(line));
      }
    }
    Files.writeString(file, curve.picture(), StandardCharsets.UTF_8);
  }

  private void add(JsonNode line) {
    double tokens = line.get("tokens").asDouble();
    if (line.get("kind").asText().equals("update")) {
      add(losses, "training, smoothed", tokens, line.get("smoothedLoss").asDouble());
      return;
    }
    add(losses, "held out", tokens, line.get("loss").asDouble());
    for (Map.Entry<String, JsonNode> role : line.get("roles").properties()) {
      double turns = role.getValue().get("turns").asDouble();
      add(
          exact,
          role.getKey() + ", exact",
          tokens,
          role.getValue().get("exact").asDouble() / turns);
      add(
          exact,
          role.getKey() + ", decisive part",
          tokens,
          role.getValue().get("decisive").asDouble() / turns);
    }
  }

  private static void add(
      Map<String, List<double[]>> lines, String name, double tokens, double value) {
    lines.computeIfAbsent(name, key -> new ArrayList<>()).add(new double[] {tokens, value});
  }

  private String picture() {
    int width = LEFT + WIDTH + RIGHT;
    int height = 2 * (TOP + HEIGHT + GAP);
    write(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n",
        width, height, width, height);
    double tokens = Math.max(1, largest(losses, 0));
    panel("loss (nats per token)", TOP, tokens, largest(losses, 1), losses);
    panel("share of held-out turns", 2 * TOP + HEIGHT + GAP, tokens, 1, exact);
    return svg.append("</svg>\n").toString();
  }

  private static double largest(Map<String, List<double[]>> lines, int column) {
    return lines.values().stream()
        .flatMap(List::stream)
        .mapToDouble(point -> point[column])
        .max()
        .orElse(1);
  }

  private void panel(
      String title, int top, double tokens, double most, Map<String, List<double[]>> lines) {
    double scale = most > 0 ? most : 1;
    write("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", LEFT, top - 10, title);
    for (int i = 0; i <= LINES; i++) {
      double share = (double) i / LINES;
      double y = top + HEIGHT * (1 - share);
      double x = LEFT + WIDTH * share;
      write(
          "<path d=\"M%d %.1fh%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
              + " text-anchor=\"end\">%.2f</text>%n",
          LEFT, y, WIDTH, LEFT - 6, y + 4, share * scale);
      write(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>%n",
          x, top + HEIGHT + 18, share * tokens);
    }
    write(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">tokens</text>%n",
        LEFT + WIDTH / 2, top + HEIGHT + 36);
    int number = 0;
    for (Map.Entry<String, List<double[]>> line : lines.entrySet()) {
      String color = COLORS[number % COLORS.length];
      String dashes = number < COLORS.length ? "" : " stroke-dasharray=\"5 3\"";
      write("<path fill=\"none\" stroke-width=\"1.5\" stroke=\"%s\"%s d=\"", color, dashes);
      char command = 'M';
      for (double[] point : line.getValue()) {
        write(
            "%c%.1f %.1f",
            command, LEFT + WIDTH * point[0] / tokens, top + HEIGHT * (1 - point[1] / scale));
        command = 'L';
      }
      write(
          "\"/>%n<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
          LEFT + WIDTH + 8, top + 12 + 16 * number, color, line.getKey());
      number++;
    }
  }

  private void write(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
