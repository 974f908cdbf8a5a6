package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A result that is read page by page: by items if it is a list whose items fit a page, else by the
 * characters of its text.
 *
 * @param items the list, if it is read by items
 * @param text all of it
 * @param pageChars characters of a page as it is written
 */
record LongResult(@Nullable ArrayNode items, String text, int pageChars) {
  /** For the notice that each page begins with. */
  private static final int NOTICE = 250;

  static LongResult of(ObjectNode result, int pageChars) {
    String whole = ToolJson.write(result);
    if (result.size() == 1 && result.get("results") instanceof ArrayNode items) {
      boolean fit =
          StreamSupport.stream(items.spliterator(), false)
              .allMatch(item -> ToolJson.write(item).length() <= pageChars - NOTICE);
      return new LongResult(fit ? items : null, whole, pageChars);
    }
    boolean isText = result.size() == 1 && result.path("result").isTextual();
    return new LongResult(null, isText ? result.get("result").textValue() : whole, pageChars);
  }

  /** Characters that it takes to keep this. */
  int length() {
    return text.length();
  }

  /** Items, or characters. */
  int size() {
    return items == null ? text.length() : items.size();
  }

  /** The page that begins there. */
  ObjectNode page(int from, String handle) {
    int most = Math.min(size() - from, pageChars);
    int count = ResultText.longest(most, pageChars, shown -> page(from, shown, handle));
    return page(from, Math.max(1, count), handle);
  }

  private ObjectNode page(int from, int count, String handle) {
    ObjectNode page = ToolJson.RESULTS.createObjectNode();
    if (items != null) {
      page.put("notice", ToolTexts.page("items", from, from + count, size(), handle));
      ArrayNode results = page.putArray("results");
      for (int i = from; i < from + count; i++) {
        results.add(items.get(i));
      }
      return page;
    }
    int end = from + count;
    // Not in the middle of a surrogate pair, and never without any character.
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end = count > 1 ? end - 1 : end + 1;
    }
    page.put("notice", ToolTexts.page("characters", from, end, size(), handle));
    return page.put("result", text.substring(from, end));
  }
}
