package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever roles and tools do, every model reads a well-formed conversation. */
class WellFormedHistoryTest {
  private static final long FIRST_SEED = 1L;
  private static final int RUNS = 600;

  /** Some ways to end are rare. */
  private static final int RUNS_TO_EVERY_END = 3_000;

  /**
   * u: user, p: planner, c: caller, o: observation, s: summarizer, as the turns of a prompt follow
   * each other: earlier tasks, the task, and before a step what was tried there.
   */
  private static final Pattern STEPS = Pattern.compile("(u(pc?o)*s)*u(u?pc?o)*u?");

  private static final Pattern STEPS_AND_PLAN = Pattern.compile("(u(pc?o)*s)*u(u?pc?o)*u?p");

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void should_hand_well_formed_conversations_to_every_role_on_every_path() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      String which = "seed " + seed;
      AgentResult result = new RandomRun(seed, request -> check(which, request)).run();
      Thread.interrupted();
      checkTurns(which, result.trajectory(), null);
    }
  }

  @Test
  void should_have_tried_every_way_to_end() {
    Set<StopReason> seen = EnumSet.noneOf(StopReason.class);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS_TO_EVERY_END; seed++) {
      seen.add(new RandomRun(seed, request -> {}).run().stopReason());
      Thread.interrupted();
    }
    // Only a run with a journal is suspended.
    assertThat(seen).isEqualTo(EnumSet.complementOf(EnumSet.of(StopReason.SUSPENDED)));
  }

  private static void check(String which, RandomRun.Request request) {
    checkTurns(which, request.trajectory(), request.plan());
    checkChat(which, request);
  }

  /** The control parts alone tell the turns: texts in between cannot forge one. */
  private static void checkTurns(String which, Trajectory trajectory, Decision plan) {
    Role role =
        plan == null ? Role.PLANNER : plan instanceof Decision.Call ? Role.CALLER : Role.SUMMARIZER;
    Pattern expected = plan == null ? STEPS : STEPS_AND_PLAN;
    String cue =
        switch (role) {
          case PLANNER -> "p";
          case CALLER -> "c";
          case SUMMARIZER -> "s";
        };
    String compact =
        control(PromptFormat.compact().prompt(role, trajectory, plan, Tools.BRANCHES))
            .replace("<|im_start|>system\nTools:\n<|im_end|>\n", "")
            .replace("<|im_start|>user\n<|im_end|>\n", "u")
            .replace("<|im_start|>planner\n<|im_end|>\n", "p")
            .replace("<|im_start|>caller\n<|im_end|>\n", "c")
            .replace("<|im_start|>observation\n<|im_end|>\n", "o")
            .replace("<|im_start|>conclusion\n<|im_end|>\n", "s")
            .replace("<|im_start|>planner\n", "p")
            .replace("<|im_start|>caller\n", "c")
            .replace("<|im_start|>conclusion\n", "s");
    assertThat(compact).as(which).endsWith(cue);
    assertThat(compact.substring(0, compact.length() - 1)).as(which).matches(expected);
    String history =
        control(PromptFormat.alphaUmi().prompt(role, trajectory, plan, Tools.BRANCHES))
            .transform(text -> text.substring(text.indexOf("user: ")))
            .transform(text -> text.substring(0, text.indexOf('\n')))
            .replace("user: </s>", "u")
            .replace("assistant: </s>", "p")
            .replace("caller: </s>", "c")
            .replace("conclusion: </s>", "s")
            .replace("observation: ", "o");
    assertThat(history).as(which).matches(expected);
  }

  private static String control(Prompt prompt) {
    StringBuilder control = new StringBuilder();
    prompt.parts().stream().filter(Prompt.Part::control).forEach(p -> control.append(p.text()));
    return control.toString();
  }

  /** The messages of the prompted roles, those of a repair turn included. */
  private static void checkChat(String which, RandomRun.Request request) {
    AiMessage nonsense = AiMessage.from("hm");
    ScriptedChatModel model = new ScriptedChatModel().says(nonsense).says(nonsense);
    Roles roles = Roles.prompted(model);
    FakeRunContext context = new FakeRunContext();
    if (request.plan() instanceof Decision.Call call) {
      roles.caller().call(request.trajectory(), call, request.tools(), context);
    } else if (request.plan() instanceof Decision.Conclude conclude) {
      roles.summarizer().summarize(request.trajectory(), conclude, request.tools(), context);
    } else {
      roles.planner().plan(request.trajectory(), request.tools(), context);
    }
    model.requests().forEach(chat -> checkMessages(which, chat.messages()));
  }

  private static void checkMessages(String which, List<ChatMessage> messages) {
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      ChatMessageType expected =
          i == 0 ? ChatMessageType.SYSTEM : i % 2 == 1 ? ChatMessageType.USER : ChatMessageType.AI;
      assertThat(message.type()).as(which).isEqualTo(expected);
      assertThat(text(message)).as(which).isNotBlank().doesNotContain("GARBAGE");
    }
    assertThat(messages.get(messages.size() - 1)).as(which).isInstanceOf(UserMessage.class);
  }

  private static String text(ChatMessage message) {
    return message instanceof AiMessage ai
        ? ai.text()
        : message instanceof UserMessage user
            ? user.singleText()
            : ((SystemMessage) message).text();
  }
}
