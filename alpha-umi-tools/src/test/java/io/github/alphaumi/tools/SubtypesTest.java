package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.output.structured.Description;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters whose values are of several kinds. */
class SubtypesTest {
  private final List<Object> got = new ArrayList<>();

  sealed interface Shape permits Circle, Square, Poly {}

  record Circle(double radius) implements Shape {}

  @Description("four equal sides")
  record Square(int side, Optional<String> colour) implements Shape {}

  sealed interface Poly extends Shape permits Triangle {}

  @JsonTypeName("tri")
  record Triangle(int a, int b, int c) implements Poly {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Card.class, name = "card"),
    @JsonSubTypes.Type(value = Transfer.class, name = "transfer")
  })
  abstract static class Payment {
    public int cents;
  }

  static class Card extends Payment {
    public String number = "";
  }

  static class Transfer extends Payment {
    public String iban = "";
  }

  sealed interface Expr permits Num, Sum {}

  record Num(int value) implements Expr {}

  record Sum(Expr left, Expr right) implements Expr {}

  /** The tools. */
  final class Tools {
    @Tool("Draws a shape")
    String draw(@P("what to draw") Shape shape) {
      got.add(shape);
      return "drawn";
    }

    @Tool("Draws shapes")
    int drawAll(List<Shape> shapes, Map<String, Shape> named) {
      got.addAll(shapes);
      got.addAll(named.values());
      return shapes.size();
    }

    @Tool("Pays")
    int pay(Payment payment) {
      got.add(payment);
      return payment.cents;
    }

    @Tool("Pays with a card")
    int payCard(Card card) {
      got.add(card);
      return card.cents;
    }

    @Tool("Computes")
    int compute(Expr expression) {
      return value(expression);
    }

    private int value(Expr expression) {
      return expression instanceof Sum sum
          ? value(sum.left()) + value(sum.right())
          : ((Num) expression).value();
    }
  }

  private final Toolbox tools = AnnotatedTools.of(new Tools());

  private Observation call(String tool, String arguments) {
    return Calls.run(tools, tool, arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'shape': {'type': 'Circle', 'radius': 2}} | Circle[radius=2.0] | ",
        "{'shape': {'type': 'Square', 'side': 2}} | Square[side=2, colour=Optional.empty] | ",
        "{'shape': {'type': 'tri', 'a': 3, 'b': 4, 'c': 5}} | Triangle[a=3, b=4, c=5] | ",
        "{'shape': {'type': 'circle', 'radius': '2'}} | Circle[radius=2.0] | shape.type read as Circle",
        "{'shape': {'radius': 2}} | Circle[radius=2.0] | shape.type read as Circle",
        "{'shape': {'Type': 'Circle', 'radius': 2}} | Circle[radius=2.0] | shape.Type renamed to type",
        "{'shape': {'type': 'Circle', 'Radius': 2}} | Circle[radius=2.0] | shape.Radius renamed to radius",
        "{'shape': {'type': null, 'side': 1}} | Square[side=1, colour=Optional.empty] | shape.type read as Square",
        "{'shape': '{\\\"type\\\": \\\"Circle\\\", \\\"radius\\\": 2}'} | Circle[radius=2.0] | ",
        "{'Shape': {'type': 'Circle', 'radius': 2}} | Circle[radius=2.0] | Shape renamed to shape",
      })
  void should_read_the_kind_that_is_meant(String arguments, String expected, String repair) {
    FakeRunContext context = new FakeRunContext();
    Observation observation =
        tools.execute(Calls.call("draw", arguments.replace('\'', '"')), context);
    assertThat(observation.status()).as(observation.text()).isEqualTo(Status.OK);
    assertThat(got).extracting(Object::toString).containsExactly(expected);
    if (repair != null) {
      assertThat(context.repairs().toString()).contains(repair);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'shape': {'type': 'Circel', 'radius': 2}} | shape.type must be Circle, Square or tri, not \\\"Circel\\\"",
        "{'shape': {'size': 2}} | the argument shape.type is missing; it says which kind it is: Circle, Square or tri",
        "{'shape': {'type': 'Circle'}} | the argument shape.radius is missing",
        "{'shape': {'type': 'Circle', 'radius': 'big'}} | shape.radius must be a number, not \\\"big\\\"",
        "{'shape': {'type': 'Circle', 'radius': 2, 'side': 3}} | there is no argument shape.side",
        "{'shape': {'type': 'Square', 'side': 1.5}} | shape.side must be a whole number, not 1.5",
        "{'shape': 'round'} | shape must be an object, not \\\"round\\\"",
        "{'shape': {'type': 7, 'radius': 2}} | shape.type must be Circle, Square or tri, not 7",
        "{} | the argument shape is missing",
      })
  void should_say_what_is_wrong_with_the_kind_that_is_meant(String arguments, String problem) {
    Observation refused = call("draw", arguments.replace('\'', '"'));
    assertThat(refused.status()).isEqualTo(Status.INVALID);
    assertThat(refused.text())
        .contains("draw was not called: " + problem + "\", \"example\"")
        .contains("{\"type\": \"Circle\", \"radius\": ");
    assertThat(got).isEmpty();
  }

  @Test
  void should_read_kinds_in_lists_and_maps_and_complain_of_each() {
    assertThat(
            call(
                    "drawAll",
                    """
                    {"shapes": [{"type": "Circle", "radius": 1}, {"side": 2}],
                     "named": {"a": {"type": "tri", "a": 1, "b": 2, "c": 3}}}""")
                .status())
        .isEqualTo(Status.OK);
    assertThat(got)
        .containsExactly(new Circle(1), new Square(2, Optional.empty()), new Triangle(1, 2, 3));
    assertThat(
            call(
                    "drawAll",
                    """
                    {"shapes": [{"type": "Circle", "side": 1}, {"type": "Square", "side": "x"}],
                     "named": {"a": {"type": "tri", "a": 1, "b": 2}}}""")
                .text())
        .contains(
            "the argument shapes[0].radius is missing",
            "there is no argument shapes[0].side",
            "shapes[1].side must be a whole number",
            "the argument named.a.c is missing")
        .doesNotContain("anyOf", "shapes[1].radius", "named.a.side");
  }

  @Test
  void should_read_kinds_that_annotations_name() {
    assertThat(call("pay", "{\"payment\": {\"kind\": \"card\", \"cents\": 5, \"number\": \"4\"}}"))
        .isEqualTo(Observation.ok("{\"result\": 5}"));
    assertThat(got.get(0)).isInstanceOf(Card.class);
    assertThat(call("payCard", "{\"card\": {\"cents\": 5, \"number\": \"4\"}}").status())
        .isEqualTo(Status.OK);
    assertThat(
            call("pay", "{\"payment\": {\"kind\": \"transfer\", \"cents\": 5, \"number\": \"4\"}}")
                .text())
        .contains("the argument payment.iban is missing");
  }

  @Test
  void should_read_kinds_within_kinds() {
    String sum = "{\"type\": \"Sum\", \"left\": %s, \"right\": {\"type\": \"Num\", \"value\": 1}}";
    String nested = sum.formatted(sum.formatted("{\"type\": \"num\", \"value\": 5}"));
    assertThat(call("compute", "{\"expression\": " + nested + "}"))
        .isEqualTo(Observation.ok("{\"result\": 7}"));
    String wrong = sum.formatted(sum.formatted("{\"type\": \"Num\"}"));
    assertThat(call("compute", "{\"expression\": " + wrong + "}").text())
        .contains("compute was not called: the argument expression.left.left.value is missing\"");
    assertThat(call("compute", "{\"expression\": {\"type\": \"Sum\", \"left\": {}}}").text())
        .contains(
            "expression.left.type is missing; it says which kind it is: Num or Sum",
            "expression.right is missing");
  }

  sealed interface Twice permits A1.Same, B1.Same {}

  static final class A1 {
    record Same(int a) implements Twice {}
  }

  static final class B1 {
    record Same(int b) implements Twice {}
  }

  sealed interface Taken permits Typed {}

  record Typed(String type) implements Taken {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface AnyClass {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes(@JsonSubTypes.Type(Wrapped.class))
  interface Wrapper {}

  record Wrapped(int a) implements Wrapper {}

  static class Unsound {
    @Tool
    void twice(Twice value) {}

    @Tool
    void taken(Taken value) {}

    @Tool
    void anyClass(AnyClass value) {}

    @Tool
    void wrapper(Wrapper value) {}

    @Tool
    void open(Runnable value) {}

    @Tool
    void unknown(List<CharSequence[]> fine, Comparable<String> value) {}
  }

  @Test
  void should_refuse_kinds_that_cannot_be_told_apart_all_at_once() {
    assertThatThrownBy(() -> AnnotatedTools.of(new Unsound()))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContainingAll(
            "tool 'twice': parameter 'value'",
            "are both called 'Same'; give one another @JsonTypeName",
            "Typed has a member 'type', which names the kind",
            "@JsonTypeInfo(use = CLASS) cannot be shown to a model; use Id.NAME",
            "@JsonTypeInfo(include = WRAPPER_OBJECT) cannot be shown to a model",
            "tool 'open'",
            "tool 'unknown'");
  }

  @Test
  void should_show_a_model_what_each_kind_has() {
    String draw =
        tools.specifications().stream()
            .filter(tool -> tool.name().equals("draw"))
            .findFirst()
            .orElseThrow()
            .toJson();
    assertThat(draw)
        .contains("\"anyOf\"", "\"Circle\"", "four equal sides")
        .doesNotContain("minimum");
  }
}
