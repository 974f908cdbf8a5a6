package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Records what tools answer, and plays it back: a double for tests of an agent whose tools are slow
 * or have effects. A record is a JSON file that can be read and edited: {@code tools} with the
 * specifications and effects, {@code calls} with name, arguments, status and text in order.
 *
 * <pre>{@code
 * Toolbox recording = RecordedTools.recording(AnnotatedTools.of(orders), file);
 * Toolbox replay = RecordedTools.replay(file);
 * }</pre>
 */
public final class RecordedTools {
  private RecordedTools() {}

  /**
   * Passes calls on and writes down what came back, the whole file after each call. Thread-safe if
   * the tools are.
   *
   * @throws UncheckedIOException from a call if the file cannot be written
   */
  public static Toolbox recording(Toolbox tools, Path file) {
    return new Recording(tools, file);
  }

  /**
   * Answers calls as they were answered when the file was recorded: equal calls in the order in
   * which they came, the last answer again when there are no more. A call that was not recorded
   * fails with a message that says so. Thread-safe.
   *
   * @throws AlphaUmiException if the file is not a record
   * @throws UncheckedIOException if it cannot be read
   */
  public static Toolbox replay(Path file) {
    return new Replay(file);
  }

  private static final class Recording implements Toolbox {
    private final Toolbox tools;
    private final Path file;
    private final ArrayNode calls = ToolJson.RESULTS.createArrayNode();

    Recording(Toolbox tools, Path file) {
      this.tools = tools;
      this.file = file;
    }

    @Override
    public List<ToolSpecification> specifications() {
      return tools.specifications();
    }

    @Override
    public Effect effect(String tool) {
      return tools.effect(tool);
    }

    @Override
    public boolean redacts() {
      return tools.redacts();
    }

    @Override
    public ToolCall redacted(ToolCall call) {
      return tools.redacted(call);
    }

    @Override
    public Observation execute(ToolCall call, RunContext context) {
      Observation observation = tools.execute(call, context);
      keep(tools.redacted(call), observation);
      return observation;
    }

    private synchronized void keep(ToolCall call, Observation observation) {
      ObjectNode kept = calls.addObject().put("name", call.name());
      kept.set("arguments", ToolJson.RESULTS.valueToTree(call.arguments()));
      kept.put("status", observation.status().name()).put("text", observation.text());
      ObjectNode record = ToolJson.RESULTS.createObjectNode();
      ArrayNode described = record.putArray("tools");
      for (ToolSpecification tool : tools.specifications()) {
        ObjectNode entry = described.addObject().put("effect", tools.effect(tool.name()).name());
        entry.put("specification", tool.toJson());
      }
      record.set("calls", calls);
      try {
        Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "record", ".json");
        Files.writeString(draft, record.toPrettyString());
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException("writing the record " + file, e);
      }
    }
  }

  private static final class Replay implements Toolbox {
    private final Path file;
    private final List<ToolSpecification> specifications = new ArrayList<>();
    private final Map<String, Effect> effects = new HashMap<>();
    private final Map<ToolCall, Deque<Observation>> answers = new HashMap<>();

    Replay(Path file) {
      this.file = file;
      try {
        read(ToolJson.EXACT.readTree(Files.readString(file)));
      } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
        throw new AlphaUmiException(
            file + ": this is not a record of tool calls; write one with RecordedTools.recording",
            e);
      } catch (IOException e) {
        throw new UncheckedIOException("reading the record " + file, e);
      }
    }

    private void read(JsonNode record) {
      for (JsonNode tool : record.required("tools")) {
        ToolSpecification specification =
            ToolSpecification.fromJson(tool.required("specification").asText());
        specifications.add(specification);
        effects.put(specification.name(), Effect.valueOf(tool.required("effect").asText()));
      }
      for (JsonNode kept : record.required("calls")) {
        ToolCall call =
            new ToolCall(
                kept.required("name").asText(),
                ArgumentValues.values((ObjectNode) kept.required("arguments")));
        Observation.Status status = Observation.Status.valueOf(kept.required("status").asText());
        answers
            .computeIfAbsent(call, key -> new ArrayDeque<>())
            .add(new Observation(status, kept.required("text").asText()));
      }
    }

    @Override
    public List<ToolSpecification> specifications() {
      return List.copyOf(specifications);
    }

    @Override
    public Effect effect(String tool) {
      return effects.getOrDefault(tool, Effect.EFFECTFUL);
    }

    /** What was redacted when it was recorded is redacted. */
    @Override
    public boolean redacts() {
      return answers.keySet().stream().anyMatch(call -> holds(call.arguments()));
    }

    private static boolean holds(@Nullable Object value) {
      if (value instanceof Map<?, ?> map) {
        return map.values().stream().anyMatch(Replay::holds);
      }
      return value instanceof List<?> list
          ? list.stream().anyMatch(Replay::holds)
          : Redaction.PLACE.equals(value);
    }

    @Override
    public ToolCall redacted(ToolCall call) {
      if (!redacts()) {
        return call;
      }
      return recorded(call)
          .orElseGet(() -> new ToolCall(call.name(), ArgumentRedaction.nothing(call.arguments())));
    }

    /** The call as it was recorded: what was redacted then may be anything. */
    private Optional<ToolCall> recorded(ToolCall call) {
      ToolCall key =
          new ToolCall(
              call.name(),
              ArgumentValues.tree(call.arguments()).map(ArgumentValues::values).orElse(Map.of()));
      return answers.containsKey(key)
          ? Optional.of(key)
          : answers.keySet().stream()
              .filter(known -> known.name().equals(key.name()))
              .filter(known -> fits(key.arguments(), known.arguments()))
              .findFirst();
    }

    private static boolean fits(@Nullable Object value, @Nullable Object recorded) {
      if (Redaction.PLACE.equals(recorded)) {
        return true;
      }
      if (value instanceof Map<?, ?> map && recorded instanceof Map<?, ?> known) {
        return map.keySet().equals(known.keySet())
            && map.entrySet().stream()
                .allMatch(member -> fits(member.getValue(), known.get(member.getKey())));
      }
      if (value instanceof List<?> list && recorded instanceof List<?> known) {
        return list.size() == known.size()
            && IntStream.range(0, list.size()).allMatch(i -> fits(list.get(i), known.get(i)));
      }
      return Objects.equals(value, recorded);
    }

    @Override
    public synchronized Observation execute(ToolCall call, RunContext context) {
      Deque<Observation> left = recorded(call).map(answers::get).orElse(null);
      if (left == null) {
        return Observation.error(
            Observation.Status.FAILED,
            "the record " + file.getFileName() + " has no call " + redacted(call));
      }
      return left.size() > 1 ? left.removeFirst() : left.getFirst();
    }
  }
}
