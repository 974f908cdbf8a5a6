package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.Prompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts of others in one rendering of a chat template. A text that holds a control token takes part
 * in it as a placeholder and is put back as a part of the prompt that is not trusted. All others
 * are rendered as they are: a template may look into them, as templates do. Not thread-safe.
 */
final class GuardedTexts {
  private final Predicate<String> forged;
  private final String mark = "text-" + UUID.randomUUID() + "-";
  private final List<String> texts = new ArrayList<>();

  /**
   * @param forged whether a text holds a control token
   */
  GuardedTexts(Predicate<String> forged) {
    this.forged = forged;
  }

  /** The text, or what stands for it. */
  String guard(String text) {
    return guard(text, text);
  }

  private String guard(String text, String inPrompt) {
    if (!forged.test(text)) {
      return text;
    }
    texts.add(inPrompt);
    return mark + (texts.size() - 1) + ";";
  }

  /** A value that a template writes as JSON, each string of it guarded. */
  @Nullable Object guard(JsonNode json) {
    if (json.isTextual()) {
      return guardInJson(json.asText());
    }
    if (json.isArray()) {
      List<@Nullable Object> items = new ArrayList<>();
      json.forEach(item -> items.add(guard(item)));
      return items;
    }
    if (json.isObject()) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      json.properties()
          .forEach(member -> members.put(guardInJson(member.getKey()), guard(member.getValue())));
      return members;
    }
    return json.isNull() ? null : json.isBoolean() ? (Object) json.asBoolean() : json.numberValue();
  }

  private String guardInJson(String text) {
    String quoted = new ObjectMapper().getNodeFactory().textNode(text).toString();
    return guard(text, quoted.substring(1, quoted.length() - 1));
  }

  /** The rendering as a prompt, with the texts in the places of what stands for them. */
  Prompt prompt(String rendered) {
    Prompt.Builder prompt = Prompt.builder();
    Matcher matcher = Pattern.compile(Pattern.quote(mark) + "(\\d+);").matcher(rendered);
    int from = 0;
    while (matcher.find()) {
      prompt.control(rendered.substring(from, matcher.start()));
      prompt.text(texts.get(Integer.parseInt(matcher.group(1))));
      from = matcher.end();
    }
    return prompt.control(rendered.substring(from)).build();
  }
}
