package io.github.alphaumi.core.cases;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks with scripted tools and expectations, read from one JSON file. Immutable.
 *
 * <pre>{@code
 * {"tools": {"orderStatus": {
 *    "description": "Status of an order",
 *    "parameters": {"type": "object", "properties": {"order": {"type": "string"}},
 *                   "required": ["order"]},
 *    "effect": "read-only",
 *    "results": [{"args": {"order": "A-1"}, "result": {"status": "shipped"}}],
 *    "otherwise": {"error": "no such order"}}},
 *  "cases": [{
 *    "id": "c1", "kind": "single", "level": 1,
 *    "request": "Where is order A-1?", "tools": ["orderStatus"],
 *    "expected": [{"tool": "orderStatus", "args": {"order": "A-1"}}],
 *    "answerContains": [["shipped"]]}]}
 * }</pre>
 *
 * <p>A tool also has {@code failFirst}, the number of its first calls in a case that meet a
 * temporary error. A case also has {@code anyOrder} (of the expected calls), {@code alternatives}
 * (other lists of calls that will do), {@code argAlternatives} (argument to other values that will
 * do), {@code answerNotContains} and {@code giveUp} (that the task cannot be done). Members of
 * other names are not used, and logged.
 */
public final class CaseFile {
  private static final Logger LOG = LoggerFactory.getLogger(CaseFile.class);

  private final List<AgentCase> cases;

  private CaseFile(List<AgentCase> cases) {
    this.cases = List.copyOf(cases);
  }

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
   * @throws AlphaUmiException if it cannot be read; if a case has no id, another's id or no
   *     request, or names a tool that is not in the file
   */
  public static CaseFile load(Path path) {
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
      AgentCase read = AgentCase.of(path, json, tools);
      if (!ids.add(read.id())) {
        throw new AlphaUmiException("case file " + path + ": two cases have the id " + read.id());
      }
      cases.add(read);
    }
    return new CaseFile(cases);
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

  /** In the file's order. */
  public List<AgentCase> cases() {
    return cases;
  }
}
