package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Every text of this module that goes back to a model, each in one place. */
final class ToolTexts {
  private static final int LONGEST_QUOTE = 60;

  private ToolTexts() {}

  static String unknownTool(String name, List<String> nearest) {
    String start = "the tool " + cut(name) + " does not exist";
    return nearest.isEmpty() ? start + " and there is no other" : start + "; use " + or(nearest);
  }

  static String invalid(String tool, List<String> problems) {
    return tool + " was not called: " + String.join("; ", problems);
  }

  static String tooDeep() {
    return "the arguments are nested too deep";
  }

  static String tooLong(int characters, int most) {
    return String.format(
        Locale.ROOT,
        "the arguments have %,d characters and the most is %,d; say the same in less",
        characters,
        most);
  }

  static String missing(String path, String name) {
    return "the argument " + (path.isEmpty() ? "" : path + ".") + name + " is missing";
  }

  static String unknownArgument(String path, String name) {
    return "there is no argument " + (path.isEmpty() ? "" : path + ".") + cut(name);
  }

  static String wrongType(String path, String type, JsonNode value) {
    String noun =
        switch (type) {
          case "integer" -> "a whole number";
          case "boolean" -> "true or false";
          case "string" -> "text";
          case "array" -> "a list";
          case "object" -> "an object";
          default -> "a " + type;
        };
    return mustBe(path, noun, value);
  }

  static String notAChoice(String path, JsonNode choices, JsonNode value) {
    return mustBe(path, or(texts(choices)), value);
  }

  static String kindMissing(String path, String member, Collection<String> kinds) {
    return "the argument "
        + (path.isEmpty() ? "" : path + ".")
        + member
        + " is missing; it says which kind it is: "
        + or(List.copyOf(kinds));
  }

  static String notAKind(String path, Collection<String> kinds, JsonNode value) {
    return mustBe(path, or(List.copyOf(kinds)), value);
  }

  static String notAName(String path, JsonNode choices, String name) {
    return "names in " + path + " must be " + or(texts(choices)) + ", not " + cut(name);
  }

  static String tooSmall(String path, JsonNode least, JsonNode value) {
    return mustBe(path, "at least " + least.asText(), value);
  }

  static String tooLarge(String path, JsonNode most, JsonNode value) {
    return mustBe(path, "at most " + most.asText(), value);
  }

  static String notOneCharacter(String path, JsonNode value) {
    return mustBe(path, "one character", value);
  }

  static String wrongFormat(String path, TextFormat format, JsonNode value) {
    return mustBe(path, format.noun() + " such as " + format.example(), value);
  }

  static String wrong(String path, String why) {
    return (path.isEmpty() ? "the arguments" : path) + ": " + why;
  }

  static String refusedByType(String path, @Nullable String why) {
    return path + " is not a value that the tool takes" + (why == null ? "" : ": " + why);
  }

  static String refused(String reason) {
    return reason.isBlank() ? "the call was not approved" : reason;
  }

  static String busy() {
    return "the tool is busy and was not started";
  }

  static String endedBefore() {
    return "the run ended before the tool was started";
  }

  static String cancelled() {
    return "the run was cancelled while the tool was at work; whether it had an effect is unknown";
  }

  static String timedOut(Duration limit) {
    String seconds = String.format(Locale.ROOT, "%.1f", limit.toMillis() / 1000.0);
    return "the tool did not answer within "
        + seconds.replaceFirst("\\.0$", "")
        + " seconds; whether it had an effect is unknown";
  }

  static String failed(@Nullable String why) {
    return "the tool failed" + (why == null || why.isBlank() ? "" : ": " + why);
  }

  static String unreadableResult() {
    return "the tool's result is of a kind that cannot be shown";
  }

  static String shortened(int characters, int shown) {
    return String.format(
        Locale.ROOT,
        "the result has %,d characters; only the first %,d are shown",
        characters,
        shown);
  }

  static String fewerItems(int items, int shown) {
    return String.format(
        Locale.ROOT, "the result has %,d items; only the first %,d are shown", items, shown);
  }

  /** A page of a long result, and how to read on. */
  static String page(String what, int from, int to, int all, String handle) {
    String shown =
        String.format(Locale.ROOT, "these are %s %,d to %,d of %,d", what, from + 1, to, all);
    return to == all
        ? shown + ", the last"
        : String.format(
            Locale.ROOT,
            "%s; for more call readMore with handle %s and from %d",
            shown,
            handle,
            to);
  }

  static String noSuchResult(String handle) {
    return "there is no result with the handle " + cut(handle) + " any more; call its tool again";
  }

  static String noSuchPage(int from, int all) {
    return String.format(
        Locale.ROOT, "from must be at least 0 and less than %d, not %d", all, from);
  }

  /** What a search for tools gave. */
  static ObjectNode found(List<String> tools) {
    ObjectNode found = ToolJson.RESULTS.createObjectNode();
    tools.forEach(found.putArray("found")::add);
    return found.put(
        "note",
        tools.isEmpty()
            ? "no tool has anything to do with that; say it in other words"
            : "these tools can be called from the next step on");
  }

  static ObjectNode error(String message) {
    return ToolJson.RESULTS.createObjectNode().put("error", message);
  }

  /** An error that shows how the tool is called. */
  static ObjectNode error(String message, String tool, ObjectNode arguments) {
    ObjectNode error = error(message);
    error.putObject("example").put("name", tool).set("arguments", arguments);
    return error;
  }

  private static String mustBe(String path, String what, JsonNode value) {
    return (path.isEmpty() ? "the arguments" : path)
        + " must be "
        + what
        + ", not "
        + cut(ToolJson.write(value));
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String or(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_QUOTE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST_QUOTE)))
            + "…";
  }
}
