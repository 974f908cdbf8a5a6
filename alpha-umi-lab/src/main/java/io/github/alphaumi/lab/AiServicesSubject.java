package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolExecutor;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.cases.AgentCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * langchain4j's AiServices as it is, over a chat model: what a user has without this library. It
 * cannot give up but in words.
 */
final class AiServicesSubject implements AgentCase.Subject {
  private final ChatModel model;
  private final int calls;

  /**
   * @param calls tool calls at most
   */
  AiServicesSubject(ChatModel model, int calls) {
    this.model = model;
    this.calls = calls;
  }

  /** What AiServices implements. */
  private interface Assistant {
    String chat(String request);
  }

  @Override
  public Attempt attempt(String request, Toolbox tools) {
    List<String> lines = new ArrayList<>();
    OfflineRun run = new OfflineRun("aiservices", 1);
    Map<ToolSpecification, ToolExecutor> executors = new LinkedHashMap<>();
    for (ToolSpecification tool : tools.specifications()) {
      executors.put(tool, (asked, memory) -> execute(tools, asked, run, lines));
    }
    AiServices<Assistant> services =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .maxToolCallingRoundTrips(calls)
            .hallucinatedToolNameStrategy(
                asked -> ToolExecutionResultMessage.from(asked, execute(tools, asked, run, lines)));
    if (!executors.isEmpty()) {
      services.tools(executors);
    }
    String answer;
    try {
      answer = services.build().chat(request);
    } catch (RuntimeException e) {
      if (lines.stream().filter(line -> line.startsWith("call")).count() < calls) {
        throw e;
      }
      lines.add("stopped   " + e.getMessage());
      return new Attempt(Ending.STOPPED, "", lines);
    }
    lines.add("answer    " + answer);
    return new Attempt(Ending.ANSWERED, answer == null ? "" : answer, lines);
  }

  private static String execute(
      Toolbox tools, ToolExecutionRequest asked, OfflineRun run, List<String> lines) {
    Observation observation;
    try {
      ToolCall call = new ToolCall(asked.name(), arguments(asked.arguments()));
      lines.add("call      " + call);
      observation = tools.execute(call, run);
    } catch (BadRecordException e) {
      lines.add("call      " + asked.name() + " " + asked.arguments());
      observation =
          Observation.error(
              Observation.Status.INVALID, "the arguments are no JSON object: " + e.getMessage());
    }
    lines.add("observed  " + observation.text());
    return observation.text();
  }

  private static Map<String, @Nullable Object> arguments(@Nullable String json)
      throws BadRecordException {
    return json == null || json.isBlank()
        ? Map.of()
        : Fields.asObject(Fields.value(json), "the arguments");
  }
}
