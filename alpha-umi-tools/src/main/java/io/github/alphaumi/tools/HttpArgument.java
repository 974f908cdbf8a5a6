package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * An argument that goes into the address, a header or a cookie.
 *
 * @param argument what the tool calls it
 * @param name what the service calls it
 * @param place path, query, header or cookie
 * @param separator between the items of a list that is one value
 * @param repeated whether a list is several values of the same name
 * @param deep whether an object's members are {@code name[member]}
 */
record HttpArgument(
    String argument, String name, String place, String separator, boolean repeated, boolean deep) {

  static HttpArgument of(String argument, JsonNode parameter) {
    String place = parameter.path("in").asText();
    String style = parameter.path("style").asText();
    boolean form = place.equals("query") || place.equals("cookie");
    String separator =
        switch (style) {
          case "spaceDelimited" -> " ";
          case "pipeDelimited" -> "|";
          default -> ",";
        };
    boolean explode =
        parameter.has("explode")
            ? parameter.get("explode").asBoolean()
            : form && separator.equals(",");
    return new HttpArgument(
        argument,
        parameter.path("name").asText(),
        place,
        separator,
        form && explode,
        style.equals("deepObject"));
  }

  /** The name and values that a request has for this value of the argument. */
  List<Map.Entry<String, String>> values(JsonNode value) {
    List<Map.Entry<String, String>> values = new ArrayList<>();
    if (value.isObject() && deep) {
      value
          .properties()
          .forEach(
              member ->
                  values.add(
                      Map.entry(name + "[" + member.getKey() + "]", text(member.getValue()))));
    } else if (value.isArray() && repeated) {
      value.forEach(item -> values.add(Map.entry(name, text(item))));
    } else if (value.isArray()) {
      values.add(
          Map.entry(
              name,
              String.join(
                  separator,
                  StreamSupport.stream(value.spliterator(), false)
                      .map(HttpArgument::text)
                      .toList())));
    } else {
      values.add(Map.entry(name, text(value)));
    }
    return values;
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
