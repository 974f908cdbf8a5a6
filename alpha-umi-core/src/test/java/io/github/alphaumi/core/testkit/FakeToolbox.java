package io.github.alphaumi.core.testkit;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Tools that all answer by one function; keeps what was executed. */
public final class FakeToolbox implements Toolbox {
  private final List<ToolSpecification> specifications;
  private final Function<ToolCall, Observation> answer;
  private final Map<String, Effect> effects = new ConcurrentHashMap<>();
  private final List<ToolCall> executed = new CopyOnWriteArrayList<>();

  public FakeToolbox(
      List<ToolSpecification> specifications, Function<ToolCall, Observation> answer) {
    this.specifications = List.copyOf(specifications);
    this.answer = answer;
  }

  /** A toolbox with tools of these names. */
  public static FakeToolbox of(Function<ToolCall, Observation> answer, String... names) {
    return new FakeToolbox(
        Arrays.stream(names)
            .map(name -> ToolSpecification.builder().name(name).description("Do " + name).build())
            .toList(),
        answer);
  }

  /** Sets what calls of a tool do; they are effectful where nothing is set. */
  public FakeToolbox with(String tool, Effect effect) {
    effects.put(tool, effect);
    return this;
  }

  @Override
  public Effect effect(String tool) {
    return effects.getOrDefault(tool, Effect.EFFECTFUL);
  }

  /** The calls that were executed, oldest first. */
  public List<ToolCall> executed() {
    return List.copyOf(executed);
  }

  @Override
  public List<ToolSpecification> specifications() {
    return specifications;
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    executed.add(call);
    return answer.apply(call);
  }
}
