package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Journal.Failure.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a run began with. Task and conversation are given back to it; of tools, roles and settings
 * there is as much as it takes to say which of them has changed, and to go through the log without
 * the agent.
 *
 * @param attributes on whose behalf it is
 * @param tools what each tool was like, and what its calls do
 * @param settings roles, search and budget in words
 * @param way what it takes to go through the log without the agent; absent in logs of versions that
 *     did not write it
 */
record JournalStart(
    String task,
    Conversation conversation,
    Map<String, String> attributes,
    Map<String, Tool> tools,
    Map<String, String> settings,
    Optional<Way> way) {
  private static final String BUDGET = "budget";

  /**
   * Characters of all specifications together at most: an entry holds them together with the task
   * and the conversation, and may have to escape each character as six.
   */
  private static final int LONGEST_SPECIFICATIONS = Journal.MAX_DATA / 8;

  /**
   * A tool by its fingerprint.
   *
   * @param specification as models were offered it; absent where there are too many to keep
   */
  record Tool(String fingerprint, Effect effect, Optional<ToolSpecification> specification) {}

  /**
   * How a run looked for its answer.
   *
   * @param limits the budget without its price
   */
  record Way(Search search, Budget limits) {}

  static JournalStart of(
      Agent agent,
      TrajectoryNode start,
      List<ToolSpecification> specifications,
      Function<String, Effect> effects) {
    Map<String, Tool> tools = new LinkedHashMap<>();
    for (ToolSpecification tool : specifications) {
      Effect effect = effects.apply(tool.name());
      tools.put(tool.name(), new Tool(Fingerprints.tool(tool), effect, Optional.of(tool)));
    }
    return new JournalStart(
        start.task(),
        start.conversation(),
        agent.attributes,
        tools,
        settings(agent),
        Optional.of(new Way(agent.search, agent.budget)));
  }

  private static Map<String, String> settings(Agent agent) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("planner", Fingerprints.named(agent.roles.planner()));
    settings.put("caller", Fingerprints.named(agent.roles.caller()));
    settings.put("summarizer", Fingerprints.named(agent.roles.summarizer()));
    settings.put("search", Fingerprints.named(agent.search));
    settings.put("steps", Integer.toString(agent.budget.steps()));
    settings.put(BUDGET, budget(agent.budget));
    return settings;
  }

  /** Without the price, which has no words. */
  private static String budget(Budget budget) {
    return String.format(
        "%d model calls, %d tool calls, %d tokens, %s, cost %s",
        budget.modelCalls(), budget.toolCalls(), budget.tokens(), budget.time(), budget.cost());
  }

  static JournalStart read(JournalData data) {
    Map<String, Tool> tools = new LinkedHashMap<>();
    for (JournalData tool : data.objects("tools")) {
      Optional<ToolSpecification> specification =
          tool.has("specification")
              ? Optional.of(JournalValues.specification(tool.object("specification")))
              : Optional.empty();
      tools.put(
          tool.text("name"),
          new Tool(tool.text("fingerprint"), tool.constant(Effect.class, "effect"), specification));
    }
    return new JournalStart(
        data.text("task"),
        JournalValues.conversation(data),
        data.has("attributes") ? texts(data, "attributes") : Map.of(),
        tools,
        texts(data, "settings"),
        data.has("search") ? Optional.of(way(data)) : Optional.empty());
  }

  private static Map<String, String> texts(JournalData data, String member) {
    Map<String, String> texts = new LinkedHashMap<>();
    data.map(member).forEach((name, value) -> texts.put("" + name, "" + value));
    return texts;
  }

  private static Way way(JournalData data) {
    return new Way(
        JournalSettings.search(data.object("search")),
        JournalSettings.budget(data.object("limits")));
  }

  Map<String, @Nullable Object> members() {
    Map<String, String> specifications = new LinkedHashMap<>();
    tools.forEach(
        (name, tool) ->
            tool.specification.ifPresent(
                specification -> specifications.put(name, specification.toJson())));
    long length = specifications.values().stream().mapToLong(String::length).sum();
    if (length > LONGEST_SPECIFICATIONS) {
      specifications.clear();
    }
    List<Map<String, @Nullable Object>> written = new ArrayList<>();
    tools.forEach(
        (name, tool) -> {
          Map<String, @Nullable Object> members = JournalData.members();
          members.put("name", name);
          members.put("fingerprint", tool.fingerprint);
          members.put("effect", tool.effect.name());
          String specification = specifications.get(name);
          if (specification != null) {
            members.put("specification", JournalData.read("tool " + name, specification).all());
          }
          written.add(members);
        });
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("task", task);
    members.put("conversation", JournalValues.conversation(conversation));
    if (!attributes.isEmpty()) {
      members.put("attributes", new TreeMap<>(attributes));
    }
    members.put("tools", written);
    members.put("settings", settings);
    way.ifPresent(
        how -> {
          members.put("search", JournalSettings.search(how.search));
          members.put("limits", JournalSettings.budget(how.limits));
        });
    return members;
  }

  /** The tools as models were offered them; none where they were not kept. */
  List<ToolSpecification> specifications() {
    boolean whole = tools.values().stream().allMatch(tool -> tool.specification.isPresent());
    return whole
        ? tools.values().stream().flatMap(tool -> tool.specification.stream()).toList()
        : List.of();
  }

  /** What is known of a tool that a model named; of one that was not on offer the worst. */
  Effect effect(String tool) {
    Tool known = tools.get(tool);
    return known == null ? Effect.EFFECTFUL : known.effect;
  }

  String budget() {
    return settings.getOrDefault(BUDGET, "unknown");
  }

  /**
   * A budget may be another: what it allowed has happened.
   *
   * @throws Journal.Failure if the run would not go on as it began
   */
  void check(String runId, JournalStart now) {
    List<String> changes = new ArrayList<>();
    Set<String> names = new TreeSet<>(tools.keySet());
    names.addAll(now.tools.keySet());
    for (String name : names) {
      Tool before = tools.get(name);
      Tool after = now.tools.get(name);
      if (before == null) {
        changes.add("tool " + name + " has been added");
      } else if (after == null) {
        changes.add("tool " + name + " is gone");
      } else if (!before.fingerprint.equals(after.fingerprint)) {
        changes.add("tool " + name + " has another description or other parameters");
      } else if (before.effect != after.effect) {
        changes.add(
            "tool " + name + " had the effect " + before.effect + " and has " + after.effect);
      }
    }
    settings.forEach(
        (name, value) -> {
          String other = now.settings.get(name);
          if (!name.equals(BUDGET) && !value.equals(other)) {
            changes.add(name + " was " + value + " and is " + other);
          }
        });
    if (changes.isEmpty() && !List.copyOf(tools.keySet()).equals(List.copyOf(now.tools.keySet()))) {
      changes.add("tools were " + tools.keySet() + " and are " + now.tools.keySet());
    }
    if (!changes.isEmpty()) {
      throw new Journal.Failure(
          Reason.CHANGED,
          String.format(
              "run %s was begun by another agent: %s; resume it with the agent that began it, or"
                  + " run the task again",
              runId, String.join("; ", changes)));
    }
  }
}
