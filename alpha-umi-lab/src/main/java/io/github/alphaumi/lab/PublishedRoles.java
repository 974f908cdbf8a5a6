package io.github.alphaumi.lab;

import io.github.alphaumi.core.PromptFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations to the four training sets by the published rules, faults included. Which turns are
 * left out, and whether they stay in the history, differs from role to role.
 */
final class PublishedRoles implements RecordStep {
  private static final String INVENTED = "invalid_hallucination_function_name";

  private final PromptFormat format;

  /** The published code pairs a give-up with the prompt of the step before it, of any record. */
  private @Nullable String lastBackboneInput;

  PublishedRoles(PromptFormat format) {
    this.format = format;
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    Conversation conversation = Conversation.read(record);
    Prompts prompts = Prompts.of(format, conversation);
    planner(conversation, prompts, sink);
    caller(conversation, prompts, sink);
    summarizer(conversation, prompts, sink);
    backbone(conversation, prompts, sink);
  }

  /** What all prompts of a conversation have in common. */
  private record Prompts(PromptFormat format, String doc, List<String> names) {

    static Prompts of(PromptFormat format, Conversation conversation) throws BadRecordException {
      return new Prompts(
          format, Published.document(conversation.tools()), ToolRecord.names(conversation.tools()));
    }

    String fill(String template, List<Turn> history, String thought) {
      return format
          .prompt(template, doc, history.stream().map(Turn::prompted).toList(), thought, names)
          .text();
    }
  }

  private static void planner(Conversation conversation, Prompts prompts, Sink sink) {
    List<Turn> turns = conversation.turns();
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).from().equals(Turn.PLANNER) && !isInvented(turns, i + 1)) {
        List<Turn> history = turns.subList(0, i);
        add(
            sink,
            RoleSample.PLANNER,
            conversation,
            history,
            prompts.fill("planner", history, ""),
            turns.get(i).value());
      }
    }
  }

  private static boolean isInvented(List<Turn> turns, int at) {
    return at < turns.size()
        && turns.get(at).from().equals(Turn.CALLER)
        && turns.get(at).value().contains(INVENTED);
  }

  private static void caller(Conversation conversation, Prompts prompts, Sink sink)
      throws BadRecordException {
    List<Turn> history = new ArrayList<>();
    for (Turn turn : conversation.turns()) {
      if (turn.from().equals(Turn.CALLER)) {
        if (turn.value().contains(INVENTED)) {
          continue;
        }
        if (history.isEmpty()) {
          throw new BadRecordException("a call stands before any plan");
        }
        String thought = history.get(history.size() - 1).value();
        String input = prompts.fill("caller", history, thought);
        add(sink, RoleSample.CALLER, conversation, history, input, turn.value());
      }
      history.add(turn);
    }
  }

  private static void summarizer(Conversation conversation, Prompts prompts, Sink sink) {
    List<Turn> history = new ArrayList<>();
    for (Turn turn : conversation.turns()) {
      if (turn.from().equals(Turn.SUMMARIZER)) {
        if (turn.value().equals(PublishedChain.NO_ANSWER)) {
          continue;
        }
        String input = prompts.fill("summarizer", history, "");
        add(sink, RoleSample.SUMMARIZER, conversation, history, input, turn.value());
      }
      history.add(turn);
    }
  }

  private void backbone(Conversation conversation, Prompts prompts, Sink sink)
      throws BadRecordException {
    List<Turn> turns = conversation.turns();
    for (int i = 0; i < turns.size(); i++) {
      if (!turns.get(i).from().equals(Turn.PLANNER)) {
        continue;
      }
      List<Turn> history = turns.subList(0, i);
      Turn next = turns.get(Math.min(i + 1, turns.size() - 1));
      boolean call = next.from().equals(Turn.CALLER);
      boolean answer = next.from().equals(Turn.SUMMARIZER);
      if (call || answer) {
        lastBackboneInput = prompts.fill("backbone", Published.merged(history), "");
      }
      if (lastBackboneInput == null) {
        throw new BadRecordException("gives up at the very first step of all");
      }
      String ending = call ? next.value() : "conclusion: " + (answer ? next.value() : "give up.");
      String target = Published.rationale(turns.get(i).value()) + "\n" + ending;
      add(sink, RoleSample.BACKBONE, conversation, history, lastBackboneInput, target);
    }
  }

  private static void add(
      Sink sink,
      int role,
      Conversation conversation,
      List<Turn> history,
      String input,
      String target) {
    sink.write(role, new RoleSample(conversation.tools(), history, input, target).json());
    sink.count(RoleSample.FILES.get(role));
  }

  @Override
  public boolean hasState() {
    return true;
  }

  @Override
  public @Nullable String state() {
    return lastBackboneInput;
  }

  @Override
  public void restore(@Nullable String state) {
    lastBackboneInput = state;
  }
}
