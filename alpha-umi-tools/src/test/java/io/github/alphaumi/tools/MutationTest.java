package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With {@code -Dalpha.umi.mutations=200000} as many as a release is tried with. */
class MutationTest {
  private static final long SEED = 20261121;
  private static final int ROUNDS = Integer.getInteger("alpha.umi.mutations", 10_000);

  enum Size {
    SMALL,
    LARGE
  }

  record Line(String article, int count, Optional<Size> size) {}

  sealed interface Delivery permits Pickup, Post {}

  record Pickup(String shop) implements Delivery {}

  record Post(String street, int number, List<Delivery> otherwise) implements Delivery {}

  static class Shop {
    int calls;

    @Tool
    String order(
        String customer,
        List<Line> lines,
        LocalDate day,
        Size size,
        double price,
        byte priority,
        boolean express,
        Map<String, Integer> extras,
        Delivery delivery,
        @P(required = false) @Nullable String note) {
      calls++;
      // A value that a schema allows is there and can be used.
      for (Line line : lines) {
        Objects.requireNonNull(line.article());
        Objects.requireNonNull(line.size());
      }
      extras.values().forEach(Objects::requireNonNull);
      check(delivery);
      assertThat(List.of(customer, day, size)).doesNotContainNull();
      assertThat(price).isFinite();
      return "ok";
    }

    private static void check(Delivery delivery) {
      if (delivery instanceof Post post) {
        Objects.requireNonNull(post.street());
        post.otherwise().forEach(Shop::check);
      } else {
        Objects.requireNonNull(((Pickup) delivery).shop());
      }
    }
  }

  @Test
  void should_answer_whatever_a_model_writes_and_run_only_what_fits() {
    Random random = new Random(SEED);
    Shop shop = new Shop();
    Toolbox tools = AnnotatedTools.builder().add(shop).executor(Runnable::run).build();
    int ran = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, @Nullable Object> arguments = valid();
      for (int mutations = random.nextInt(4); mutations >= 0; mutations--) {
        mutate(arguments, random);
      }
      ToolCall call = new ToolCall("order", arguments);
      Observation observation = tools.execute(call, new FakeRunContext());
      assertThat(observation.status())
          .as("seed %d, round %d: %s -> %s", SEED, round, call, observation.text())
          .isIn(Status.OK, Status.INVALID);
      ran += observation.status() == Status.OK ? 1 : 0;
      assertThat(shop.calls).as("seed %d, round %d: %s", SEED, round, call).isEqualTo(ran);
    }
    assertThat(ran).as("runs of %d", ROUNDS).isBetween(ROUNDS / 20, ROUNDS / 2);
  }

  /**
   * The same from the model's own characters: the text of the arguments is damaged, read by a
   * caller, and what it makes of it is called.
   */
  @Test
  void should_answer_whatever_becomes_of_the_text_of_a_call() throws Exception {
    Random random = new Random(SEED);
    Shop shop = new Shop();
    Toolbox tools = AnnotatedTools.builder().add(shop).executor(Runnable::run).build();
    String valid = new ObjectMapper().writeValueAsString(valid());
    int ran = 0;
    int unreadable = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String text = valid;
      for (int damages = random.nextInt(3); damages >= 0; damages--) {
        text = damaged(text, random);
      }
      String about = "seed " + SEED + ", round " + round + ": " + text;
      Caller.Turn turn = read(text, tools);
      if (turn instanceof Caller.Unreadable bad) {
        assertThat(bad.problem()).as(about).isNotBlank();
        unreadable++;
      } else {
        Observation observation = tools.execute((ToolCall) turn, new FakeRunContext());
        assertThat(observation.status()).as(about).isIn(Status.OK, Status.INVALID);
        assertThat(observation.text()).as(about).isNotBlank();
        ran += observation.status() == Status.OK ? 1 : 0;
      }
      assertThat(shop.calls).as(about).isEqualTo(ran);
    }
    assertThat(ran).as("runs of %d", ROUNDS).isBetween(ROUNDS / 20, ROUNDS * 9 / 10);
    assertThat(unreadable).as("unreadable of %d", ROUNDS).isBetween(1, ROUNDS * 9 / 10);
  }

  private static Caller.Turn read(String arguments, Toolbox tools) {
    AiMessage message =
        AiMessage.from(
            ToolExecutionRequest.builder().id("1").name("order").arguments(arguments).build());
    return Caller.prompted(new ScriptedChatModel().says(message).says(message))
        .call(
            Trajectory.start("order pens"),
            new Decision.Call("order them"),
            tools.specifications(),
            new FakeRunContext());
  }

  private static String damaged(String text, Random random) {
    int at = random.nextInt(Math.max(1, text.length()));
    int end = Math.min(text.length(), at + 1 + random.nextInt(4));
    return switch (random.nextInt(12)) {
      case 0 -> "```json\n" + text + "\n```";
      case 1 -> text.replace('"', '\'');
      case 2 -> text.replace("}", ",}").replace("]", ", ]");
      case 3 -> text.replaceFirst(",", ", /* and */ ");
      case 4 -> "Sure, here it is: " + text + " Shall I go on?";
      case 5 -> text.substring(0, at);
      case 6 -> text.replace("true", "True").replace("null", "None");
      case 7 -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      case 8 -> text.substring(0, Math.min(at, text.length())) + text.substring(end);
      case 9 -> text.substring(0, at) + (char) (32 + random.nextInt(95)) + text.substring(at);
      case 10 -> text.substring(0, at) + text.substring(at, end) + text.substring(at);
      default -> text + text;
    };
  }

  private static Map<String, @Nullable Object> valid() {
    Map<String, @Nullable Object> line = new LinkedHashMap<>(Map.of("article", "pen", "count", 2));
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    arguments.put("customer", "Ada");
    arguments.put("lines", new ArrayList<>(List.of(line)));
    arguments.put("day", "2026-01-31");
    arguments.put("size", "SMALL");
    arguments.put("price", new BigDecimal("12.50"));
    arguments.put("priority", 3);
    arguments.put("express", true);
    arguments.put("extras", new LinkedHashMap<>(Map.of("wrapping", 1)));
    Map<String, @Nullable Object> pickup =
        new LinkedHashMap<>(Map.of("type", "Pickup", "shop", "north"));
    Map<String, @Nullable Object> post =
        new LinkedHashMap<>(Map.of("type", "Post", "street", "High Street", "number", 7));
    post.put("otherwise", List.of(pickup));
    arguments.put("delivery", post);
    arguments.put("note", "");
    return arguments;
  }

  private static void mutate(Map<String, @Nullable Object> object, Random random) {
    List<String> names = new ArrayList<>(object.keySet());
    String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
    Object value = object.get(name);
    switch (random.nextInt(6)) {
      case 0 -> object.remove(name);
      case 1 -> object.put(renamed(name, random), object.remove(name));
      case 2 -> object.put(renamed(name, random), strange(random));
      case 3 -> {
        if (inner(value) instanceof Map<?, ?> map) {
          Map<String, @Nullable Object> changed = new LinkedHashMap<>();
          map.forEach((key, item) -> changed.put(String.valueOf(key), item));
          mutate(changed, random);
          object.put(name, value instanceof List<?> ? List.of(changed) : changed);
        } else {
          object.put(name, String.valueOf(value));
        }
      }
      default -> object.put(name, strange(random));
    }
  }

  private static @Nullable Object inner(@Nullable Object value) {
    return value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
  }

  private static String renamed(String name, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> name.toUpperCase(java.util.Locale.ROOT);
      case 1 -> name + "s";
      case 2 -> "_" + name;
      default -> "q" + random.nextInt(100);
    };
  }

  private static @Nullable Object strange(Random random) {
    List<@Nullable Object> values =
        Arrays.asList(
            null,
            "",
            " ",
            "12",
            "-0",
            "1e5",
            "large",
            "TRUE",
            "NaN",
            "2026-2-3",
            "[1, 2]",
            "{\"article\": \"pen\", \"count\": \"1\"}",
            "[{\"article\": \"pen\"",
            "\ud800 half a character",
            "x".repeat(5_000),
            0,
            -1,
            127,
            128,
            Long.MAX_VALUE,
            1.5,
            3.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            new BigDecimal("1e999999999"),
            new BigDecimal("1e-999999999"),
            true,
            false,
            List.of(),
            List.of("a", "b"),
            List.of(List.of(List.of(1))),
            Arrays.asList(null, null),
            Map.of(),
            Map.of("a", 1),
            Map.of("article", "pen", "count", 1.0),
            new StringBuilder("not a JSON value"));
    return values.get(random.nextInt(values.size()));
  }
}
