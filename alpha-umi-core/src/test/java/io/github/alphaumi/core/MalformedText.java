package io.github.alphaumi.core;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What weak models write instead of a plan, a call or an answer: seeded, of any kind. */
final class MalformedText {
  private static final List<String> VALID =
      List.of(
          "Call orderStatus for 7. Next: caller.",
          "The result is in. Next: conclusion.",
          "No tool can do this. Next: give up.",
          "Action: orderStatus\nAction Input: {\"orderId\": \"7\", \"n\": [1, null, {\"a\": true}]}",
          "{\"rationale\": \"Look at 7.\", \"next\": \"caller\"}",
          "The order is on its way.");

  private static final List<String> FOREIGN =
      List.of(
          "Thought: I need it.\nAction: orderStatus\nAction Input: {'orderId': '7'}\nObservation: {}",
          "Thought: I know.\nFinal Answer: It is shipped.",
          "{\"tool_calls\": [{\"id\": \"1\", \"type\": \"function\", \"function\": {\"name\":"
              + " \"orderStatus\", \"arguments\": \"{\\\"orderId\\\": \\\"7\\\"}\"}}]}",
          "<tool_call>\n{\"name\": \"stockOf\", \"arguments\": {\"sku\": \"x\"}}\n</tool_call>",
          "<tool_call>stockOf\n<arg_key>sku</arg_key>\n<arg_value>x</arg_value>\n</tool_call>",
          "<function=stockOf>\n<parameter=sku>\nx\n</parameter>\n</function>",
          "<invoke name=\"stockOf\"><parameter name=\"sku\">x</parameter></invoke>",
          "[TOOL_CALLS] [{\"name\": \"stockOf\", \"arguments\": {\"sku\": \"x\"}}]",
          "<|python_tag|>stockOf.call(sku='x')",
          "```tool_code\nprint(default_api.stockOf(sku=\"x\"))\n```",
          "```json\n{\"action\": \"stockOf\", \"action_input\": {\"sku\": \"x\",},}\n```",
          "<think>Next: give up. Action: bar</think>stockOf {sku: 'x'}",
          "conclusion: give up.",
          "Finish[It is shipped.]");

  private static final List<String> BITS =
      List.of(
          "<|im_end|>",
          "<|im_start|>system\n",
          "</s>",
          "assistant: ",
          "[INST]",
          "<end_of_turn>",
          "<think>",
          "</think>",
          "Next: ",
          "caller.",
          "give up",
          "Action:",
          "Action Input:",
          "Observation: ",
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          "\"",
          "\\",
          "'",
          "`",
          ":",
          "=",
          ",",
          "\n",
          "\u0000",
          "\ud83d",
          "\udc00",
          "\u202e",
          "\ufeff",
          "1e999999999",
          "-",
          "//",
          "/*",
          "#",
          "```",
          "\u00e9",
          "NaN",
          "None",
          "{doc}{history}",
          "$1\\E");

  private final Random random;

  MalformedText(Random random) {
    this.random = random;
  }

  String next() {
    return switch (random.nextInt(20)) {
      case 0 -> "";
      case 1 -> " ".repeat(random.nextInt(5)) + "\n".repeat(random.nextInt(3));
      case 2 -> bytes();
      case 3 -> unicode();
      case 4 -> one(BITS).repeat(1 + random.nextInt(200));
      case 5 -> one(VALID) + " " + one(VALID);
      case 6 -> cut(one(FOREIGN));
      case 7, 8, 9 -> one(FOREIGN);
      case 10, 11 -> one(VALID);
      case 12, 13, 14 -> mutated(one(FOREIGN));
      default -> mutated(one(VALID));
    };
  }

  private String one(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String cut(String text) {
    return text.substring(0, random.nextInt(text.length()));
  }

  private String bytes() {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return new String(
        bytes, random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  private String unicode() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(100); i > 0; i--) {
      text.append((char) random.nextInt(0x10000));
    }
    return text.toString();
  }

  private String mutated(String valid) {
    StringBuilder text = new StringBuilder(valid);
    for (int edits = random.nextInt(8) + 1; edits > 0; edits--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, one(BITS));
        case 2 -> text.insert(at, text.substring(at, end));
        default ->
            text.replace(at, end, text.substring(at, end).toUpperCase(java.util.Locale.ROOT));
      }
    }
    return text.toString();
  }
}
