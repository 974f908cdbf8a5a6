package io.github.alphaumi.lab.world;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of one set of tools: one style for all, some names that mean nothing, some arguments
 * with other names, so that a model has to read what it is offered.
 */
final class ToolNaming {
  private static final double NONSENSE = 0.12;
  private static final double SUFFIX = 0.1;
  private static final double RENAMED = 0.15;
  private static final double CLOSED_LIST = 0.4;
  private static final int SHORT_LIST = 8;
  private static final List<String> SUFFIXES = List.of("v2", "api", "tool", "service", "now");
  private static final List<String> PREFIXES =
      List.of("target", "input", "given", "the", "requested", "which");
  private static final List<String> ENDINGS = List.of("value", "param", "field", "input", "arg");
  private static final List<String> SYLLABLES =
      List.of(
          "bra", "vel", "tor", "mip", "zan", "kel", "dru", "fip", "lon", "gar", "sev", "wix", "pol",
          "nar", "quo", "tim", "bez", "hul", "jor", "yat");

  private final Draws draws;
  private final boolean camelCase;
  private final Set<String> taken = new HashSet<>();

  ToolNaming(Draws draws) {
    this.draws = draws;
    camelCase = draws.chance(0.6);
  }

  OfferedTool offer(WorldTool tool) {
    return offer(tool, draws.pick(tool.descriptions()));
  }

  /** Another tool that does the same, under another description. */
  OfferedTool twin(OfferedTool offered) {
    String other =
        offered.tool().descriptions().stream()
            .filter(text -> !text.equals(offered.specification().description()))
            .findFirst()
            .orElseThrow();
    return offer(offered.tool(), other);
  }

  private OfferedTool offer(WorldTool tool, String description) {
    Map<String, String> arguments = argumentNames(tool);
    Map<String, String> results = new LinkedHashMap<>();
    for (Result result : tool.results()) {
      results.put(result.name(), styled(result.name()));
    }
    JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
    List<String> required = new ArrayList<>();
    for (Argument argument : tool.arguments()) {
      String name = arguments.getOrDefault(argument.name(), "");
      parameters.addProperty(name, told(argument.kind()).schema("the " + argument.name()));
      if (argument.required()) {
        required.add(name);
      }
    }
    return new OfferedTool(
        tool,
        ToolSpecification.builder()
            .name(toolName(tool))
            .description(description)
            .parameters(parameters.required(required).build())
            .build(),
        arguments,
        results);
  }

  /** Some tools tell the values of a short list, others leave them to be found in the request. */
  private Kind told(Kind kind) {
    return kind instanceof Kind.OneOf list
            && list.values().size() <= SHORT_LIST
            && draws.chance(CLOSED_LIST)
        ? new Kind.OneOf(list.id(), list.values(), list.otherWords(), true)
        : kind;
  }

  private String toolName(WorldTool tool) {
    String name;
    do {
      String words =
          draws.chance(NONSENSE) ? nonsense() + " " + nonsense() : draws.pick(tool.names());
      name = styled(draws.chance(SUFFIX) ? words + " " + draws.pick(SUFFIXES) : words);
      if (taken.contains(name)) {
        name = styled(words + " " + draws.pick(SUFFIXES) + " " + draws.below(100));
      }
    } while (!taken.add(name));
    return name;
  }

  private Map<String, String> argumentNames(WorldTool tool) {
    boolean nonsense = tool.arguments().size() == 1 && draws.chance(0.05);
    Map<String, String> names = new LinkedHashMap<>();
    for (Argument argument : tool.arguments()) {
      String name = argument.name();
      if (nonsense) {
        name = nonsense();
      } else if (draws.chance(RENAMED)) {
        name =
            draws.chance(0.5)
                ? draws.pick(PREFIXES) + " " + name
                : name + " " + draws.pick(ENDINGS);
      }
      names.put(argument.name(), styled(name));
    }
    return names;
  }

  private String nonsense() {
    return draws.pick(SYLLABLES)
        + draws.pick(SYLLABLES)
        + (draws.chance(0.3) ? draws.pick(SYLLABLES) : "");
  }

  private String styled(String words) {
    String[] parts = words.replaceAll("[^A-Za-z0-9 ]", " ").strip().split("\\s+");
    StringBuilder name = new StringBuilder();
    for (String part : parts) {
      String small = part.toLowerCase(Locale.ROOT);
      if (name.length() > 0 && camelCase) {
        name.append(small.substring(0, 1).toUpperCase(Locale.ROOT)).append(small.substring(1));
      } else {
        name.append(name.length() > 0 ? "_" : "").append(small);
      }
    }
    return name.toString();
  }
}
