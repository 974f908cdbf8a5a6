package io.github.alphaumi.onnx;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What constraints cost a token, over the embedded model's vocabulary: mask, applying it to the
 * logits, and going on by the token. Processor time of one thread, so that other work on the
 * machine does not count. Prints a table; run it from the test class path, with the number of
 * texts.
 */
final class MaskCost {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<String> WORDS =
      List.of(
          "order",
          "weather",
          "in",
          "Paris",
          "the",
          "status",
          "of",
          "tomorrow",
          "customer",
          "please",
          "find",
          "\u00e9t\u00e9",
          "4711",
          "and",
          "then",
          "answer");

  private MaskCost() {}

  /** A text and the constraint that it fulfils. */
  private record Case(Expression root, List<String> texts) {}

  public static void main(String[] arguments) throws IOException {
    int count = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
    byte[][] tokens = Vocabularies.smolLm2();
    TokenTrie trie = Vocabularies.trie(tokens);
    float[] logits = new float[tokens.length];
    System.out.printf(
        "%-26s %8s %12s %12s %12s%n",
        "microseconds a token", "tokens", "first text", "all", "later");
    for (Map.Entry<String, Case> one : cases(count).entrySet()) {
      for (int warm = 0; warm < 3; warm++) {
        // The compiler has seen the code, and the masks are those of a new process again.
        MaskCache masks = new MaskCache(trie);
        Expression root = cases(count).get(one.getKey()).root();
        long written = 0;
        long first = 0;
        long firstTokens = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        for (String text : one.getValue().texts()) {
          ConstraintMatcher matcher = new ConstraintMatcher(root, masks);
          for (int token : trie.spell(text.getBytes(StandardCharsets.UTF_8))) {
            TokenMask mask = matcher.mask();
            mask.apply(logits);
            if (!mask.allows(token)) {
              throw new AssertionError(one.getKey() + " does not allow " + text);
            }
            matcher.accept(token);
            written++;
          }
          if (firstTokens == 0) {
            firstTokens = written;
            first = THREADS.getCurrentThreadCpuTime() - start;
          }
        }
        long all = THREADS.getCurrentThreadCpuTime() - start;
        if (warm == 2) {
          System.out.printf(
              "%-26s %8d %12.1f %12.1f %12.1f%n",
              one.getKey(),
              written,
              first / 1e3 / firstTokens,
              all / 1e3 / written,
              (all - first) / 1e3 / (written - firstTokens));
        }
      }
    }
  }

  private static Map<String, Case> cases(int count) throws IOException {
    Random random = new Random(1);
    Map<String, Case> cases = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    List<NamedSchema> tools = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      names.add("tool" + i + "Lookup");
      tools.add(
          new NamedSchema(
              names.get(i),
              TokenizerFixtures.JSON.readTree(
                  """
                  {"type": "object", "required": ["query", "unit"], "properties": {
                    "query": {"type": "string"}, "days": {"type": "integer"},
                    "unit": {"enum": ["metric", "imperial"]},
                    "tags": {"type": "array", "items": {"type": "string"}}}}
                  """)));
    }
    List<String> plans = new ArrayList<>();
    List<String> calls = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      plans.add(
          "I call tool" + random.nextInt(20) + "Lookup. " + words(random, 25) + " Next: caller.");
      String arguments =
          String.format(
              "{\"query\": \"%s\", \"days\": %d, \"unit\": \"metric\", \"tags\": [\"%s\", \"%s\"]}",
              words(random, 6), random.nextInt(100), words(random, 2), words(random, 1));
      calls.add("Action: tool" + random.nextInt(20) + "Lookup\nAction Input: " + arguments);
      values.add(arguments);
      codes.add(String.format("AB-%04d: %s.", random.nextInt(10_000), words(random, 8)));
    }
    Grammar grammar = new Grammar();
    cases.put(
        "planner, 20 names",
        new Case(
            grammar.freeTextThenOneOf(
                List.of(" Next: caller.", " Next: conclusion.", " Next: give up."),
                "I call ",
                names),
            plans));
    cases.put(
        "caller, 20 tools",
        new Case(
            new Grammar().call(tools, "Action: ", "\nAction Input: ", JsonStyle.PYTHON), calls));
    cases.put(
        "JSON in any order, blanks",
        new Case(
            new Grammar()
                .json(java.util.Objects.requireNonNull(tools.get(0).schema()), JsonStyle.LENIENT),
            values));
    cases.put(
        "regular expression",
        new Case(new Grammar().regex("[A-Z]{2}-\\d{4}: [\\p{L}\\d ]{1,200}\\."), codes));
    return cases;
  }

  private static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }
}
