package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A generator of sets of tools with tasks and what is right to do about them. Every call is made
 * against simulated tools while a task is written, so that observations and answers are true. The
 * same seed gives the same sets, in any order and number. Thread-safe.
 *
 * <p>Every third set is made after the one before it: some of that one's tasks, without the tools
 * that they need.
 */
public final class ToolWorld {
  private static final int PAIRED = 3;
  private static final double IMPOSSIBLE = 0.25;
  private static final double LINKED = 0.8;
  private static final double OTHER_LINK = 0.15;
  private static final double NO_ARGUMENTS = 0.15;
  private static final double ALIKE = 0.6;
  private static final double TWINS = 0.08;
  private static final int TRIES = 40;

  /** Kinds of tasks that lack of one tool makes impossible. */
  private static final Set<WorldTask.Kind> PAIRABLE =
      Set.of(
          WorldTask.Kind.SINGLE,
          WorldTask.Kind.SAME_TOOL_TWICE,
          WorldTask.Kind.RETRY,
          WorldTask.Kind.NOT_FOUND);

  private static final List<Integer> TOOLS = List.of(2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 10);
  private static final List<Integer> DOMAINS = List.of(1, 1, 2, 2, 2, 3, 3, 4);

  /** How many of a hundred tasks are of a kind, as far as the tools allow. */
  private static final Map<WorldTask.Kind, Integer> SHARES =
      Map.ofEntries(
          Map.entry(WorldTask.Kind.SINGLE, 28),
          Map.entry(WorldTask.Kind.TWO, 12),
          Map.entry(WorldTask.Kind.SAME_TOOL_TWICE, 9),
          Map.entry(WorldTask.Kind.DEPENDENT, 29),
          Map.entry(WorldTask.Kind.THREE, 8),
          Map.entry(WorldTask.Kind.RETRY, 5),
          Map.entry(WorldTask.Kind.NOT_FOUND, 5),
          Map.entry(WorldTask.Kind.FAILED_TWICE, 2),
          Map.entry(WorldTask.Kind.ALTERNATIVE, 2),
          Map.entry(WorldTask.Kind.NO_TOOL, 6),
          Map.entry(WorldTask.Kind.FOLLOW_UP, 10));

  private final Split split;
  private final List<Domain> domains;
  private final ValueLists lists;

  ToolWorld(Split split, List<Domain> domains, ValueLists lists) {
    this.split = split;
    this.domains = List.copyOf(domains);
    this.lists = lists;
  }

  /**
   * Reads the domain files of a part of the world.
   *
   * @throws AlphaUmiException with every fault of every file, one a line
   */
  public static ToolWorld load(Split split) {
    return new ToolWorld(split, domains(split), ValueLists.load());
  }

  static List<Domain> domains(Split split) {
    List<Domain> domains = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    ValueLists.read(split.toString())
        .forEach(
            (file, lines) -> {
              try {
                domains.add(DomainReader.read(file, lines));
              } catch (AlphaUmiException e) {
                problems.add(String.valueOf(e.getMessage()));
              }
            });
    if (!problems.isEmpty()) {
      throw new AlphaUmiException(String.join("\n", problems));
    }
    return domains;
  }

  /** How many there are of what, by name. */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("domains", domains.size());
    List<WorldTool> tools = domains.stream().flatMap(domain -> domain.tools().stream()).toList();
    counts.put("tools", tools.size());
    counts.put("requests", tools.stream().mapToInt(t -> t.asks().size() + t.hints().size()).sum());
    counts.put("indirect requests", tools.stream().mapToInt(t -> t.hints().size()).sum());
    counts.put("references", tools.stream().mapToInt(t -> t.references().size()).sum());
    return counts;
  }

  /** What training and test part have in common and should not; empty if nothing. */
  public static List<String> overlaps() {
    return Overlaps.between(domains(Split.TRAIN), domains(Split.HELD_OUT));
  }

  /**
   * The set of that number.
   *
   * @param tasks how many
   * @throws IllegalArgumentException if there are to be fewer than one
   */
  public ToolSet set(long seed, int number, int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException("tasks: " + tasks + " is less than 1");
    }
    String name = "world " + split + " " + seed + " " + number;
    ToolSet.Tools tools;
    List<WorldTask> made = new ArrayList<>();
    if (number % PAIRED == PAIRED - 1) {
      String before = "world " + split + " " + seed + " " + (number - 1);
      ToolSet.Tools possible = tools(before);
      List<WorldTask> possibleTasks = new ArrayList<>();
      fill(possible, before, tasks, possibleTasks);
      tools =
          impossible(possible, possibleTasks, Math.max(1, (int) (tasks * IMPOSSIBLE)), name, made);
    } else {
      tools = tools(name);
    }
    fill(tools, name, tasks, made);
    List<WorldTask> shuffled = new Draws(name + " order", split, lists).shuffled(made);
    List<WorldTask> named = new ArrayList<>();
    for (WorldTask task : shuffled) {
      named.add(
          task.withId(
              String.format(
                  java.util.Locale.ROOT, "%s-%d-%05d-%02d", split, seed, number, named.size())));
    }
    return ToolSet.of(tools, named);
  }

  private void fill(ToolSet.Tools tools, String name, int wanted, List<WorldTask> made) {
    TaskBuilder builder = new TaskBuilder(tools, split, lists);
    Draws draws = new Draws(name + " kinds", split, lists);
    Set<String> texts = new HashSet<>();
    made.forEach(task -> texts.add(task.task()));
    while (made.size() < wanted) {
      WorldTask.Kind kind = kind(draws, tools.twins().isPresent());
      Optional<WorldTask> task = Optional.empty();
      for (int i = 0; i < TRIES && task.isEmpty(); i++) {
        task = builder.build(kind, name + " task " + made.size() + " " + kind + " " + i);
        task = task.filter(found -> texts.add(found.task()));
      }
      task.ifPresent(made::add);
    }
  }

  /** Where there are twins, every other task is about them. */
  private static WorldTask.Kind kind(Draws draws, boolean twins) {
    if (twins && draws.chance(0.4)) {
      return WorldTask.Kind.ALTERNATIVE;
    }
    int sum = SHARES.values().stream().mapToInt(Integer::intValue).sum();
    int drawn = draws.below(sum);
    for (Map.Entry<WorldTask.Kind, Integer> share : new TreeMap<>(SHARES).entrySet()) {
      drawn -= share.getValue();
      if (drawn < 0) {
        return share.getKey();
      }
    }
    throw new IllegalStateException("shares");
  }

  /** Tools that are offered together. */
  ToolSet.Tools tools(String name) {
    Draws draws = new Draws(name + " tools", split, lists);
    List<WorldTool> chosen = choose(draws);
    ToolNaming naming = new ToolNaming(draws);
    List<OfferedTool> offered = new ArrayList<>();
    draws.shuffled(chosen).forEach(tool -> offered.add(naming.offer(tool)));
    if (offered.size() < 10 && offered.size() > 2 && draws.chance(TWINS)) {
      OfferedTool first = offered.get(draws.below(offered.size()));
      OfferedTool twin = naming.twin(first);
      List<OfferedTool> usable = List.copyOf(offered.stream().filter(t -> t != first).toList());
      // Behind the first, because of two that do the same the one that stands first is called.
      offered.add(twin);
      return new ToolSet.Tools(List.copyOf(offered), usable, Optional.of(List.of(first, twin)));
    }
    return new ToolSet.Tools(List.copyOf(offered), List.copyOf(offered), Optional.empty());
  }

  /** Tools of some domains; most often two of which one takes what the other gives. */
  private List<WorldTool> choose(Draws draws) {
    int wanted = draws.pick(TOOLS);
    int fields = Math.min(draws.pick(DOMAINS), domains.size());
    List<Domain> from = new ArrayList<>(draws.shuffled(domains).subList(0, fields));
    List<Domain> unasking = domains.stream().filter(ToolWorld::hasToolWithoutArguments).toList();
    if (!unasking.isEmpty() && draws.chance(NO_ARGUMENTS)) {
      from.add(draws.pick(unasking));
    }
    List<WorldTool> chosen = new ArrayList<>();
    if (draws.chance(LINKED)) {
      List<WorldTool> candidates =
          from.stream().flatMap(domain -> domain.tools().stream()).toList();
      List<List<WorldTool>> pairs = linked(candidates);
      List<List<WorldTool>> natural =
          pairs.stream().filter(pair -> handsOnIdentifier(pair.get(0), pair.get(1))).toList();
      if (!pairs.isEmpty()) {
        draws
            .pick(natural.isEmpty() || draws.chance(OTHER_LINK) ? pairs : natural)
            .forEach(tool -> add(tool, chosen));
      }
    }
    if (draws.chance(ALIKE) && !from.get(0).alike().isEmpty()) {
      draws.pick(from.get(0).alike()).stream().limit(2).forEach(tool -> add(tool, chosen));
    }
    List<WorldTool> rest =
        new ArrayList<>(
            draws
                .shuffled(from.get(0).tools())
                .subList(0, Math.min(2, from.get(0).tools().size())));
    List<WorldTool> others = new ArrayList<>();
    from.forEach(domain -> others.addAll(domain.tools()));
    rest.addAll(draws.shuffled(others));
    List<WorldTool> without = others.stream().filter(tool -> tool.arguments().isEmpty()).toList();
    if (!without.isEmpty()) {
      add(draws.pick(without), chosen);
    }
    for (WorldTool tool : rest) {
      if (chosen.size() >= wanted) {
        break;
      }
      add(tool, chosen);
    }
    return chosen.size() > 10 ? chosen.subList(0, 10) : chosen;
  }

  private static boolean hasToolWithoutArguments(Domain domain) {
    return domain.tools().stream().anyMatch(tool -> tool.arguments().isEmpty());
  }

  /** Two tools of one name would be one tool for a model. */
  private static void add(WorldTool tool, List<WorldTool> chosen) {
    if (chosen.stream().noneMatch(other -> other.name().equals(tool.name()))) {
      chosen.add(tool);
    }
  }

  private static List<List<WorldTool>> linked(List<WorldTool> tools) {
    List<List<WorldTool>> pairs = new ArrayList<>();
    for (WorldTool from : tools) {
      for (WorldTool to : tools) {
        if (from != to && links(from, to)) {
          pairs.add(List.of(from, to));
        }
      }
    }
    return pairs;
  }

  /** Most chains in life are about identifiers: find it, then do something with it. */
  private static boolean handsOnIdentifier(WorldTool from, WorldTool to) {
    return from.results().stream()
        .filter(result -> !result.several() && Links.isEntity(result.kind()))
        .anyMatch(
            result ->
                to.required().stream()
                    .anyMatch(argument -> argument.kind().id().equals(result.kind().id())));
  }

  private static boolean links(WorldTool from, WorldTool to) {
    for (Result result : from.results()) {
      for (Argument argument : to.required()) {
        if (!result.several()
            && result.kind().id().equals(argument.kind().id())
            && (result.kind() instanceof Kind.Code
                || from.references().stream().anyMatch(ref -> ref.result().equals(result)))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The tools without those that some of the tasks need, and others in their place. */
  private ToolSet.Tools impossible(
      ToolSet.Tools possible,
      List<WorldTask> possibleTasks,
      int wanted,
      String name,
      List<WorldTask> made) {
    Draws draws = new Draws(name + " impossible", split, lists);
    Set<String> needed = new HashSet<>();
    int most = Math.max(1, possible.offered().size() - 1);
    for (WorldTask task : draws.shuffled(possibleTasks)) {
      List<String> called = task.calledTools();
      boolean oneMissing =
          called.size() == 1 && (needed.containsAll(called) || needed.size() < most);
      if (PAIRABLE.contains(task.kind()) && oneMissing && made.size() < wanted) {
        needed.addAll(called);
        made.add(
            new WorldTask(
                "",
                WorldTask.Kind.IMPOSSIBLE,
                task.domains(),
                task.today(),
                task.indirect(),
                task.described(),
                Optional.empty(),
                task.task(),
                List.of(),
                PlanWords.IMPOSSIBLE,
                Optional.empty()));
      }
    }
    Set<String> about = new HashSet<>();
    List<OfferedTool> left = new ArrayList<>();
    for (OfferedTool tool : possible.offered()) {
      if (needed.contains(tool.name())) {
        about.add(tool.tool().name());
      } else {
        left.add(tool);
      }
    }
    List<WorldTool> chosen =
        new ArrayList<>(left.stream().map(OfferedTool::tool).distinct().toList());
    ToolNaming naming = new ToolNaming(draws);
    List<OfferedTool> offered = new ArrayList<>();
    chosen.forEach(tool -> offered.add(naming.offer(tool)));
    for (WorldTool tool : choose(draws)) {
      if (offered.size() >= Math.max(2, possible.offered().size())) {
        break;
      }
      boolean new_ =
          chosen.stream().noneMatch(other -> other.name().equals(tool.name()))
              && !about.contains(tool.name());
      if (new_) {
        chosen.add(tool);
        offered.add(naming.offer(tool));
      }
    }
    List<OfferedTool> shuffled = List.copyOf(draws.shuffled(offered));
    return new ToolSet.Tools(shuffled, shuffled, Optional.empty());
  }
}
