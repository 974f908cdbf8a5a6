package io.github.alphaumi.core.cases;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.ToolCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One task with what is expected of it. Immutable; each attempt has tools of its own. */
public final class AgentCase {
  private final String id;
  private final String kind;
  private final int level;
  private final String request;
  private final List<ScriptedTool> tools;
  private final JsonEquality equality;
  private final Expectation expectation;

  private AgentCase(
      String id,
      String kind,
      int level,
      String request,
      List<ScriptedTool> tools,
      JsonEquality equality,
      Expectation expectation) {
    this.id = id;
    this.kind = kind;
    this.level = level;
    this.request = request;
    this.tools = tools;
    this.equality = equality;
    this.expectation = expectation;
  }

  static AgentCase of(Path path, CaseFile.CaseJson json, Map<String, ScriptedTool> known) {
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
      @Nullable List<CaseFile.CallJson> list, Set<String> offered, String where) {
    List<ToolCall> calls = new ArrayList<>();
    for (CaseFile.CallJson call : or(list)) {
      if (call.tool() == null || !offered.contains(call.tool())) {
        throw new AlphaUmiException(
            where + "a call of '" + call.tool() + "' is expected, which is not offered");
      }
      calls.add(new ToolCall(call.tool(), Objects.requireNonNullElse(call.args(), Map.of())));
    }
    return calls;
  }

  public String id() {
    return id;
  }

  /**
   * For example {@code single}, {@code dependent}, {@code giveup}; empty if the file does not say.
   */
  public String kind() {
    return kind;
  }

  /**
   * 1 for verbatim values and an obvious tool, 2 for indirect wording or near-duplicate tools, 3
   * for several steps or traps; 0 if the file does not say.
   */
  public int level() {
    return level;
  }

  public String request() {
    return request;
  }

  /** Lets the subject work on the request, and judges what it did. */
  public CaseOutcome run(CaseSubject subject) {
    ScriptedTools attempted =
        new ScriptedTools(
            tools, expectation.calls().stream().flatMap(List::stream).toList(), equality);
    CaseSubject.Attempt attempt = subject.attempt(request, attempted);
    return new CaseJudge(expectation, equality, attempted).judge(attempt);
  }

  @Override
  public String toString() {
    return id + ": " + request;
  }
}
