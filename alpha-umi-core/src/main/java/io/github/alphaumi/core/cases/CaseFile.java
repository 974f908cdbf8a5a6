package io.github.alphaumi.core.cases;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a case file; {@link AgentCase} tells what it looks like. */
final class CaseFile {
  private static final Logger LOG = LoggerFactory.getLogger(CaseFile.class);

  private CaseFile() {}

  /** The file as it is written. */
  record FileJson(Map<String, ToolJson> tools, List<CaseJson> cases) {}

  record ToolJson(
      @Nullable String javaSignature,
      @Nullable String description,
      @Nullable Map<String, @Nullable Object> parameters,
      @Nullable String effect,
      @Nullable List<ResultJson> results,
      @Nullable Object otherwise,
      int failFirst) {}

  record ResultJson(@Nullable Map<String, @Nullable Object> args, @Nullable Object result) {}

  record CallJson(@Nullable String tool, @Nullable Map<String, @Nullable Object> args) {}

  record CaseJson(
      @Nullable String id,
      @Nullable String kind,
      int level,
      @Nullable String request,
      @Nullable List<String> tools,
      @Nullable List<CallJson> expected,
      boolean anyOrder,
      @Nullable List<List<CallJson>> alternatives,
      @Nullable Map<String, List<@Nullable Object>> argAlternatives,
      @Nullable List<List<String>> answerContains,
      @Nullable List<String> answerNotContains,
      boolean giveUp) {}

  /**
   * @throws AlphaUmiException as {@link AgentCase#load}
   */
  static List<AgentCase> read(Path path) {
    FileJson file;
    try {
      file = mapper(path).readValue(Files.readString(path), FileJson.class);
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException("case file " + path + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new AlphaUmiException("case file " + path + " cannot be read: " + e, e);
    }
    if (file == null || file.tools == null || file.cases == null || file.cases.isEmpty()) {
      throw new AlphaUmiException(
          "case file "
              + path
              + ": it needs 'tools', an object, and 'cases', a list of at least one");
    }
    Map<String, ScriptedTool> tools = new LinkedHashMap<>();
    file.tools.forEach((name, tool) -> tools.put(name, ScriptedTool.of(path, name, tool)));
    List<AgentCase> cases = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (CaseJson json : file.cases) {
      AgentCase read = agentCase(path, json, tools);
      if (!ids.add(read.id())) {
        throw new AlphaUmiException("case file " + path + ": two cases have the id " + read.id());
      }
      cases.add(read);
    }
    return List.copyOf(cases);
  }

  private static JsonMapper mapper(Path path) {
    return JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .addHandler(
            new DeserializationProblemHandler() {
              @Override
              public boolean handleUnknownProperty(
                  DeserializationContext context,
                  JsonParser parser,
                  JsonDeserializer<?> deserializer,
                  Object beanOrClass,
                  String name)
                  throws IOException {
                LOG.warn(
                    "case file {}, line {}: member '{}' is not used",
                    path,
                    parser.currentLocation().getLineNr(),
                    name);
                parser.skipChildren();
                return true;
              }
            })
        .build();
  }

  private static AgentCase agentCase(Path path, CaseJson json, Map<String, ScriptedTool> known) {
    if (json.id() == null || json.id().isBlank()) {
      throw new AlphaUmiException("case file " + path + ": a case has no id");
    }
    String where = "case file " + path + ", case " + json.id() + ": ";
    if (json.request() == null || json.request().isBlank()) {
      throw new AlphaUmiException(where + "it has no request");
    }
    Set<String> offered = new HashSet<>();
    List<ScriptedTool> tools = new ArrayList<>();
    for (String name : or(json.tools())) {
      ScriptedTool tool = known.get(name);
      if (tool == null) {
        throw new AlphaUmiException(
            where + "there is no tool '" + name + "'; there are " + known.keySet());
      }
      if (!offered.add(name)) {
        throw new AlphaUmiException(where + "tool '" + name + "' is offered twice");
      }
      tools.add(tool);
    }
    List<List<ToolCall>> lists = new ArrayList<>();
    lists.add(calls(json.expected(), offered, where));
    or(json.alternatives()).forEach(list -> lists.add(calls(list, offered, where)));
    return new AgentCase(
        json.id(),
        Objects.requireNonNullElse(json.kind(), ""),
        json.level(),
        json.request(),
        List.copyOf(tools),
        new JsonEquality(Objects.requireNonNullElse(json.argAlternatives(), Map.of())),
        new Expectation(
            lists,
            json.anyOrder(),
            or(json.answerContains()),
            or(json.answerNotContains()),
            json.giveUp()));
  }

  private static <T> List<T> or(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static List<ToolCall> calls(
      @Nullable List<CallJson> list, Set<String> offered, String where) {
    List<ToolCall> calls = new ArrayList<>();
    for (CallJson call : or(list)) {
      if (call.tool() == null || !offered.contains(call.tool())) {
        throw new AlphaUmiException(
            where + "a call of '" + call.tool() + "' is expected, which is not offered");
      }
      calls.add(new ToolCall(call.tool(), Objects.requireNonNullElse(call.args(), Map.of())));
    }
    return calls;
  }
}
