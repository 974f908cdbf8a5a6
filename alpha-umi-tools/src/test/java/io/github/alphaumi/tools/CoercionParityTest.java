package io.github.alphaumi.tools;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The cases of langchain4j's {@code DefaultToolExecutorTest} (1.19.0: 21 methods, 23 tests), from
 * the text of a model's arguments to what the method gets, by its {@code DefaultToolExecutor} and
 * by this library side by side.
 */
class CoercionParityTest {
  enum Letter {
    A,
    B,
    C
  }

  record Person(String name, int age) {}

  /** Keeps what it got. */
  public static class Echo {
    static final Object NOTHING = new Object();
    @Nullable Object got = NOTHING;

    @Tool
    public void anInt(int value) {
      got = value;
    }

    @Tool
    public void anInteger(Integer value) {
      got = value;
    }

    @Tool
    public void aLong(long value) {
      got = value;
    }

    @Tool
    public void aLongBox(Long value) {
      got = value;
    }

    @Tool
    public void aFloat(float value) {
      got = value;
    }

    @Tool
    public void aFloatBox(Float value) {
      got = value;
    }

    @Tool
    public void aDouble(double value) {
      got = value;
    }

    @Tool
    public void aDoubleBox(Double value) {
      got = value;
    }

    @Tool
    public void aByte(byte value) {
      got = value;
    }

    @Tool
    public void aByteBox(Byte value) {
      got = value;
    }

    @Tool
    public void aShort(short value) {
      got = value;
    }

    @Tool
    public void aShortBox(Short value) {
      got = value;
    }

    @Tool
    public void anEnum(Letter value) {
      got = value;
    }

    @Tool
    public void aBoolean(boolean value) {
      got = value;
    }

    @Tool
    public void aBooleanBox(Boolean value) {
      got = value;
    }

    @Tool
    public void aString(String value) {
      got = value;
    }

    @Tool
    public void aBigDecimal(BigDecimal value) {
      got = value;
    }

    @Tool
    public void aBigInteger(BigInteger value) {
      got = value;
    }

    @Tool
    public void integers(List<Integer> value) {
      got = value;
    }

    @Tool
    public void enums(Set<Letter> value) {
      got = new TreeSet<>(value);
    }

    @Tool
    public void map(Map<String, Integer> value) {
      got = new TreeMap<>(value);
    }

    @Tool
    public void person(Person value) {
      got = value;
    }

    @Tool
    public void persons(Person[] value) {
      got = Arrays.asList(value);
    }

    @Tool
    public void personList(List<Person> value) {
      got = value;
    }

    @Tool
    public void personSet(Set<Person> value) {
      got = new TreeSet<>(value.stream().map(Person::toString).toList());
    }

    @Tool
    public void personMap(Map<String, Person> value) {
      got = new TreeMap<>(value);
    }

    @Tool
    public void two(String name, Optional<Integer> value) {
      got = name + " " + value;
    }

    @Tool
    public void three(String path, int start, int end) {
      got = path + start + end;
    }

    @Tool
    public void none() {
      got = "called";
    }

    @Tool
    public void withMessage() {
      throw new IllegalStateException("something went wrong");
    }

    @Tool
    public void withoutMessage() {
      throw new NullPointerException();
    }
  }

  private static String shown(@Nullable Object got) {
    return got == null
        ? "null"
        : got.getClass().getSimpleName().replaceAll("Immutable.*|Array.*|ListN|List12", "List")
            + " "
            + got;
  }

  private static String theirs(String tool, String arguments) throws Exception {
    Echo echo = new Echo();
    ToolExecutionRequest request =
        ToolExecutionRequest.builder().id("1").name(tool).arguments(arguments).build();
    ToolExecutionResult result;
    try {
      Method method =
          Arrays.stream(Echo.class.getMethods())
              .filter(m -> m.getName().equals(tool))
              .findFirst()
              .orElse(null);
      DefaultToolExecutor executor =
          method == null
              ? new DefaultToolExecutor(echo, request)
              : new DefaultToolExecutor(echo, method);
      result = executor.executeWithContext(request, InvocationContext.builder().build());
    } catch (RuntimeException e) {
      return "refused";
    }
    return result.isError() ? "error: " + result.resultText() : shown(echo.got);
  }

  private static String ours(String tool, String arguments) {
    Echo echo = new Echo();
    Toolbox tools = AnnotatedTools.of(echo);
    AiMessage message =
        AiMessage.from(
            ToolExecutionRequest.builder().id("1").name(tool).arguments(arguments).build());
    Caller.Turn turn =
        Caller.prompted(new ScriptedChatModel().says(message).says(message))
            .call(
                Trajectory.start("task"),
                new Decision.Call("call it"),
                tools.specifications(),
                new FakeRunContext());
    if (!(turn instanceof ToolCall call)) {
      return "refused";
    }
    Observation observation = tools.execute(call, new FakeRunContext());
    return switch (observation.status()) {
      case OK -> shown(echo.got);
      case FAILED -> "error: " + observation.text();
      default -> "refused";
    };
  }

  private final ParityTable table =
      new ParityTable("test of langchain4j", "tool and arguments", "langchain4j", "alpha-umi");

  private void row(String test, String tool, String arguments, String why) throws Exception {
    String theirs = theirs(tool, arguments);
    String ours = ours(tool, arguments);
    table.add(theirs.equals(ours), why, test, tool + " " + arguments, theirs, ours);
  }

  private void value(String test, String tool, String value) throws Exception {
    value(test, tool, value, "");
  }

  private void value(String test, String tool, String value, String why) throws Exception {
    row(test, tool, "{\"value\": " + value + "}", why);
  }

  private static final String SAFE =
      "the message of an exception can hold secrets; a tool opts in or throws a ToolException";
  private static final String MISSING = "a required argument is never left out";

  @Test
  void should_give_methods_what_langchain4j_gives_them_except_where_it_says_why() throws Exception {
    String test = "prepare_arguments";
    value(test, "anInt", "1.0");
    value(test, "anInteger", "2.0");
    value(test, "aLong", "3.0");
    value(test, "aLongBox", "4.0");
    value(test, "aFloat", "5.5");
    value(test, "aFloatBox", "6.5");
    value(test, "aDouble", "7.5");
    value(test, "aDoubleBox", "8.5");
    value(test, "aByte", "9.0");
    value(test, "aByteBox", "10.0");
    value(test, "aShort", "11.0");
    value(test, "aShortBox", "12.0");
    value(test, "anEnum", "\"A\"");
    value(test, "aBoolean", "true");
    value(test, "aBooleanBox", "false");
    value(test, "aDouble", "\"1.1\"");
    value(test, "aDoubleBox", "\"2.2\"");
    value(test, "integers", "[1.0, 2.0, 3.0]");
    value(test, "enums", "[\"A\", \"B\"]");
    value(test, "map", "{\"A\": 1.0}");
    value(test, "anInt", "\"abc\"");
    memoryId(test);

    test = "coerce_argument";
    value(test, "person", "{\"name\": \"Klaus\", \"age\": 42}");
    value(test, "aString", "\"abc\"");
    value(test, "anEnum", "\"D\"");
    value(test, "aBoolean", "\"true\"", "a text that says true can mean nothing else");
    value(test, "aDouble", "1.5");
    value(test, "aDoubleBox", "1.5");
    value(test, "aDouble", "\"abc\"");
    value(test, "aFloat", "1.5");
    value(test, "aFloatBox", "1.5");
    value(test, "aFloat", "5.1e38");
    value(test, "aFloat", "-5.1e38");
    integers(test, "anInt", "anInteger", Integer.MIN_VALUE, Integer.MAX_VALUE);
    value(test, "aLong", "1.0");
    value(test, "aLong", "" + Long.MAX_VALUE);
    value(test, "aLongBox", "" + Long.MIN_VALUE);
    value(test, "aLong", "1.5");
    value(test, "aLong", "1.38e19");
    value(test, "aLongBox", "-1.38e19");
    integers(test, "aShort", "aShortBox", Short.MIN_VALUE, Short.MAX_VALUE);
    integers(test, "aByte", "aByteBox", Byte.MIN_VALUE, Byte.MAX_VALUE);
    value(test, "aBigDecimal", "1.5");
    value(test, "aBigDecimal", "\"abc\"");
    value(test, "aBigInteger", "1");
    value(test, "aBigInteger", "1.5");
    value(test, "aBigInteger", "\"abc\"");

    value("coerce_argument_preserves_precision_of_large_long", "aLong", "9007199254740993");
    value("coerce_argument_preserves_precision_of_large_long", "aLongBox", "9007199254740993");
    test = "coerce_argument_preserves_precision_of_large_big_integer";
    value(test, "aBigInteger", "9223372036854775817");
    value(test, "aBigInteger", "9007199254740993");
    test = "coerce_argument_preserves_precision_of_big_decimal";
    value(test, "aBigDecimal", "0.1");
    value(
        test,
        "aBigDecimal",
        "1234567890.1234567890123",
        "a number keeps the digits that the model wrote; there it has passed through a double");
    value("coerce_argument_rejects_fractional_value_for_integer_types", "aLong", "1.5");
    value("coerce_argument_rejects_fractional_value_for_integer_types", "aBigInteger", "1.5");

    row("tool_exception_with_message_is_returned_as_error", "withMessage", "{}", SAFE);
    row(
        "tool_exception_without_message_falls_back_to_class_name",
        "withoutMessage",
        "{}",
        "a model can do nothing with the name of a class");
    value("should_execute_tool_by_method_name", "anInt", "2");
    value("should_execute_tool_with_execution_request", "anInt", "2");
    value("should_not_execute_tool_with_wrong_execution_request", "unknownMethod", "2");
    table.add(
        true,
        "",
        "should_not_execute_tool_with_null_execution_request",
        "null",
        refused(() -> new DefaultToolExecutor(new Echo(), (ToolExecutionRequest) nothing())),
        refused(() -> AnnotatedTools.of(new Echo()).execute(nothing(), new FakeRunContext())));
    test = "execute_with_argument_value_might_be_null";
    value(test, "anInteger", "null", MISSING);
    row(test, "anInteger", "{}", MISSING);
    value(test, "anInteger", "1");

    test = "should_execute_tools_with_collection";
    String klaus = "{\"name\": \"Klaus\", \"age\": 42}";
    String both = klaus + ", {\"name\": \"Peter\", \"age\": 43}";
    value(test, "person", klaus);
    value(test, "personList", "[" + both + "]");
    value(test, "personSet", "[" + both + "]");
    value(test, "personMap", "{\"p1\": " + klaus + ", \"p2\": " + klaus + "}");
    value(test, "persons", "[" + both + "]");

    row(
        "should_throw_exception_when_arguments_cannot_be_parsed",
        "aString",
        "{ invalid JSON }",
        "");
    row(
        "should_return_exception_message_when_tool_method_throws_exception",
        "withMessage",
        "{}",
        SAFE);
    row(
        "should_prepare_arguments_with_optional_parameter_provided",
        "two",
        "{\"name\": \"Klaus\", \"value\": 42.0}",
        "");
    row(
        "should_prepare_arguments_with_optional_parameter_not_provided",
        "two",
        "{\"name\": \"Klaus\"}",
        "");
    row("should_throw_when_required_primitive_is_missing", "three", "{\"path\": \"/tmp\"}", "");
    row(
        "should_wrap_missing_required_primitive_into_ToolArgumentsException_when_configured",
        "three",
        "{\"path\": \"/tmp\"}",
        "");
    row("should_return_error_result_when_tool_execution_fails", "withMessage", "{}", SAFE);
    table.check("parity-coercion");
  }

  private void integers(String test, String primitive, String box, long least, long most)
      throws Exception {
    value(test, primitive, "1.0");
    value(test, primitive, "" + most);
    value(test, box, "" + least);
    value(test, primitive, "1.5");
    value(test, primitive, (most + 1) + ".0");
    value(test, box, (least - 1) + ".0");
  }

  /** A tool that takes the id of a memory as a UUID. */
  public static class Memory {
    @Tool
    public void remember(@ToolMemoryId UUID id) {}
  }

  private void memoryId(String test) {
    String ours;
    try {
      AnnotatedTools.of(new Memory());
      ours = "taken";
    } catch (AlphaUmiException e) {
      ours = "refused when the agent is built";
    }
    table.add(
        ours.equals("taken"),
        "the id is the run's, a text",
        test,
        "remember(@ToolMemoryId UUID)",
        "UUID of the caller's memory",
        ours);
  }

  private static String refused(Runnable call) {
    try {
      call.run();
      return "taken";
    } catch (RuntimeException e) {
      return "refused";
    }
  }

  @SuppressWarnings("NullAway")
  private static <T> T nothing() {
    return null;
  }
}
