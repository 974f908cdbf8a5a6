package io.github.alphaumi.lab.world;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of one set of tools: one style for all, some names that mean nothing, some arguments
 * with other names, so that a model has to read what it is offered.
 */
final class ToolNaming {
  private static final double NONSENSE = 0.1;
  private static final double NAME_ONLY = 0.08;
  private static final double SUFFIX = 0.08;
  private static final double VERB_LAST = 0.1;
  private static final double ONE_WORD = 0.07;
  private static final double PREFIX = 0.1;
  private static final double RENAMED = 0.12;
  private static final double TYPED = 0.35;
  private static final List<String> SUFFIXES = List.of("v2", "api", "tool", "service", "now");
  private static final List<String> PREFIXES =
      List.of("target", "input", "given", "requested", "chosen", "wanted");
  private static final List<String> ENDINGS = List.of("value", "param", "field", "input", "arg");
  private static final List<String> SYLLABLES =
      List.of(
          "bra", "vel", "tor", "mip", "zan", "kel", "dru", "fip", "lon", "gar", "sev", "wix", "pol",
          "nar", "quo", "tim", "bez", "hul", "jor", "yat");

  private final Draws draws;
  private final ToolVariants variants;
  private final ToolDescriptions descriptions;
  private final NameStyle style;
  private final String prefix;
  private final Set<String> taken = new HashSet<>();

  ToolNaming(Draws draws) {
    this.draws = draws;
    variants = new ToolVariants(draws);
    descriptions = new ToolDescriptions(draws);
    style = NameStyle.draw(draws);
    prefix = draws.chance(PREFIX) ? draws.line("name-prefixes") + " " : "";
  }

  OfferedTool offer(WorldTool tool) {
    WorldTool variant = variants.of(tool);
    return offer(
        variant, draws.pick(variant.descriptions()), ObservationLayout.draw(variant, draws));
  }

  /** Another tool that does the same, under another description. */
  OfferedTool twin(OfferedTool offered) {
    String other =
        offered.tool().descriptions().stream()
            .filter(text -> !text.equals(offered.description()))
            .findFirst()
            .orElseThrow();
    return offer(offered.tool(), other, offered.layout());
  }

  private OfferedTool offer(WorldTool tool, String description, ObservationLayout layout) {
    String told = draws.chance(NAME_ONLY) ? Request.capital(tool.name()) : description;
    Map<String, String> arguments = argumentNames(tool);
    Map<String, String> results = new LinkedHashMap<>();
    for (Result result : tool.results()) {
      results.put(result.name(), style.member(result.name()));
    }
    JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
    List<String> required = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Argument argument : tool.arguments()) {
      String name = arguments.getOrDefault(argument.name(), "");
      parameters.addProperty(name, argument.kind().schema("the " + argument.name()));
      names.add(name);
      if (argument.required()) {
        required.add(name);
      }
    }
    ExtraArguments.draw(draws)
        .forEach(
            (words, schema) -> {
              if (names.add(style.member(words))) {
                parameters.addProperty(style.member(words), schema);
              }
            });
    return new OfferedTool(
        tool,
        ToolSpecification.builder()
            .name(toolName(tool))
            .description(descriptions.of(tool, told))
            .parameters(parameters.required(required).build())
            .build(),
        told,
        arguments,
        results,
        layout);
  }

  private String toolName(WorldTool tool) {
    String name;
    do {
      String words = draws.chance(NONSENSE) ? nonsense() + " " + nonsense() : ordered(tool);
      String whole = prefix + words;
      name = style.tool(draws.chance(SUFFIX) ? whole + " " + draws.pick(SUFFIXES) : whole);
      if (taken.contains(name)) {
        name = style.tool(whole + " " + draws.pick(SUFFIXES) + " " + draws.below(100));
      }
    } while (!taken.add(name));
    return name;
  }

  /** Mostly verb before noun; some services have it the other way round or say one word. */
  private String ordered(WorldTool tool) {
    String words = draws.pick(tool.names());
    int verb = words.indexOf(' ');
    if (verb < 0 || ToolReader.isParticle(words.split(" ")[1])) {
      return words;
    }
    if (draws.chance(VERB_LAST)) {
      return words.substring(verb + 1) + " " + words.substring(0, verb);
    }
    String last = words.substring(words.lastIndexOf(' ') + 1);
    return last.length() > 3 && draws.chance(ONE_WORD) ? last : words;
  }

  private Map<String, String> argumentNames(WorldTool tool) {
    boolean nonsense = tool.arguments().size() == 1 && draws.chance(0.05);
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> different = new HashSet<>();
    for (Argument argument : tool.arguments()) {
      String name = argument.name();
      if (nonsense) {
        name = nonsense();
      } else if (argument.kind() instanceof Kind.Several several) {
        name = plural(draws.chance(TYPED) ? typed(name, several.of()) : name);
      } else if (draws.chance(TYPED)) {
        name = typed(name, argument.kind());
      } else if (draws.chance(RENAMED)) {
        name =
            draws.chance(0.5)
                ? draws.pick(PREFIXES) + " " + name
                : name + " " + draws.pick(ENDINGS);
      }
      String styled = style.member(name);
      names.put(argument.name(), different.add(styled) ? styled : style.member(argument.name()));
    }
    return names;
  }

  /** Names that say what a value is, as programmers write them: orderId, guestName. */
  private String typed(String name, Kind kind) {
    List<String> endings =
        kind instanceof Kind.Code
            ? List.of("id", "id", "id", "number", "code", "ref")
            : kind == WorldKind.PERSON
                ? List.of("name", "full name")
                : kind == WorldKind.DATE
                    ? List.of("date", "day")
                    : kind == WorldKind.TIME
                        ? List.of("time")
                        : kind == WorldKind.MINUTES
                            ? List.of("minutes", "duration minutes")
                            : kind == WorldKind.CITY
                                ? List.of("city", "city name")
                                : kind == WorldKind.EMAIL
                                    ? List.of("email", "email address")
                                    : kind == WorldKind.TEXT ? List.of("text") : List.of();
    List<String> words = List.of(name.split(" "));
    boolean said =
        words.contains("id")
            || words.contains("number")
            || words.contains("no")
            || words.contains("code");
    if (endings.isEmpty() || said) {
      return name;
    }
    String ending = draws.pick(endings);
    return words.contains(ending.split(" ")[0]) ? name : name + " " + ending;
  }

  private static String plural(String name) {
    return name.matches(".*(?:s|x|ch|sh)")
        ? name + "es"
        : name.matches(".*[^aeiou]y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
  }

  private String nonsense() {
    return draws.pick(SYLLABLES)
        + draws.pick(SYLLABLES)
        + (draws.chance(0.3) ? draws.pick(SYLLABLES) : "");
  }
}
