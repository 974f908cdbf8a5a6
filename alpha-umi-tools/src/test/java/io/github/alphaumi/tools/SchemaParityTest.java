package io.github.alphaumi.tools;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.model.output.structured.Description;
import io.github.alphaumi.core.AlphaUmiException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tools of langchain4j's {@code ToolSpecificationsTest} (1.19.0: 34 tests), written anew with
 * the same signatures, and some that it does not have: what a model is shown of each by langchain4j
 * and by this library, compared as JSON.
 */
class SchemaParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Human(
      @Description("Name of the person") String name,
      List<String> aliases,
      boolean active,
      Human parent,
      Place currentAddress,
      List<Place> previousAddresses) {}

  static class Place {
    private String street = "";
    private String city = "";
  }

  enum Letter {
    A,
    B,
    C
  }

  static class AllKinds {
    @Tool({"line1", "line2"})
    public int f(
        @P("foo") String p0,
        boolean p1,
        @P("b2") Boolean p2,
        byte p3,
        Byte p4,
        short p5,
        Short p6,
        int p7,
        Integer p8,
        long p9,
        Long p10,
        @P("biggy") BigInteger p11,
        float p12,
        Float p13,
        double p14,
        Double p15,
        @P("bigger") BigDecimal p16,
        String[] p17,
        Integer[] p18,
        Boolean[] p19,
        int[] p20,
        boolean[] p21,
        List<Integer> p22,
        Set<BigDecimal> p23,
        Collection<String> p24,
        Letter p25,
        @P(description = "required") int p28) {
      return 42;
    }
  }

  static class OnePerson {
    @Tool
    public void person(Human p26) {}
  }

  static class OptionalPrimitive {
    @Tool
    public void optional(@P(description = "optional", required = false) int p27) {}
  }

  static class OptionalBox {
    @Tool
    public void optional(@P(description = "optional", required = false) Integer p27) {}
  }

  static class MemoryId {
    @Tool(name = "func_name")
    public int g(@ToolMemoryId String memoryId) {
      return 42;
    }
  }

  static class SameMethodNames {
    @Tool
    public int twin(String text) {
      return 42;
    }

    @Tool
    public int twin(int number) {
      return 42;
    }
  }

  static class SameNames {
    @Tool(name = "twin")
    public int one(String text) {
      return 42;
    }

    @Tool(name = "twin")
    public int other(int number) {
      return 42;
    }
  }

  record Client(String name, Place billing, Place shipping) {}

  static class Registration {
    @Tool("register a new customer")
    boolean register(Client customer) {
      return true;
    }
  }

  static class TwoPersons {
    @Tool
    public void two(@P("first person") Human a, @P("second person") Human b) {}
  }

  static class TwoPlaces {
    @Tool
    public void two(@P("first place") Place a, @P("second place") Place b) {}
  }

  static class Metadata {
    @Tool(metadata = "{\"one\": \"one\", \"two\": 2}")
    public void tool() {}
  }

  static class WithOptional {
    @Tool
    public void tool(@P("foo") String foo, @P("bar") Optional<String> bar) {}
  }

  static class WithRequired {
    @Tool
    public void tool(@P("foo") String foo, @P("bar") String bar) {}
  }

  static class ExplicitlyRequired {
    @Tool
    public void tool(@P(description = "foo", required = true) String foo, @P("bar") String bar) {}
  }

  static class WithDefault {
    @Tool
    public void tool(String foo, @P(defaultValue = "10") int bar) {}
  }

  static class RequiredWithDefault {
    @Tool
    public void tool(String foo, @P(required = true, defaultValue = "10") int bar) {}
  }

  static class TwoDescriptions {
    @Tool
    public void tool(@P(value = "by value", description = "by description") String text) {}
  }

  static class ByDescription {
    @Tool
    public void tool(@P(description = "by description") String text) {}
  }

  static class ByValue {
    @Tool
    public void tool(@P("by value") String text) {}
  }

  static class ByName {
    @Tool
    public void tool(@P(name = "mine") String text) {}
  }

  static class Parent {
    @Tool("parent tool")
    public int parentMethod(int a) {
      return a;
    }
  }

  static class Child extends Parent {
    @Tool("child tool")
    public int childMethod(int b) {
      return b;
    }
  }

  static class NamedParent {
    @Tool(name = "shared", value = "parent version")
    public int one(int a) {
      return a;
    }
  }

  static class ChildOfTheName extends NamedParent {
    @Tool(name = "shared", value = "child version")
    public int other(int b) {
      return b;
    }
  }

  static class Overridable {
    @Tool("parent description")
    public int compute(int a) {
      return a;
    }
  }

  static class Overriding extends Overridable {
    @Override
    @Tool("child description")
    public int compute(int a) {
      return a * 2;
    }
  }

  static class Renaming extends Overridable {
    @Override
    @Tool(name = "renamed", value = "updated description")
    public int compute(int a) {
      return a * 3;
    }
  }

  static class Processing {
    @Tool("process a string")
    public String process(String input) {
      return input;
    }
  }

  static class Overloading extends Processing {
    @Tool("process an int")
    public int process(int input) {
      return input;
    }
  }

  static class NamedProcessing {
    @Tool(name = "process", value = "process a string")
    public String process(String input) {
      return input;
    }
  }

  static class OverloadingTheName extends NamedProcessing {
    @Tool(name = "process", value = "process an int")
    public int process(int input) {
      return input;
    }
  }

  static class OverloadingOtherwise extends NamedProcessing {
    @Tool(name = "process_int", value = "process an int")
    public static int process(int input) {
      return input;
    }
  }

  interface WithTool {
    @Tool("interface tool")
    default int interfaceMethod(int a) {
      return a;
    }
  }

  static class Implementing implements WithTool {}

  static class ImplementingMore implements WithTool {
    @Tool("class tool")
    public int classMethod(int b) {
      return b;
    }
  }

  static class OverridingDefault implements WithTool {
    @Override
    @Tool("overridden tool")
    public int interfaceMethod(int a) {
      return a * 2;
    }
  }

  interface WithAbstract {
    @Tool("abstract tool")
    int abstractMethod(int a);
  }

  static class ImplementingAbstract implements WithAbstract {
    @Override
    public int abstractMethod(int a) {
      return a;
    }
  }

  interface WithStatic {
    @Tool("static tool")
    static int staticMethod(int a) {
      return a;
    }
  }

  static class ImplementingStatic implements WithStatic {
    @Tool("instance tool")
    public int instanceMethod(int b) {
      return b;
    }
  }

  static class Named {
    @Tool("named parameter")
    public String f(@P(name = "city", value = "The city") String p0) {
      return p0;
    }
  }

  sealed interface Shape permits Circle, Square {}

  record Circle(double radius) implements Shape {}

  @Description("four equal sides")
  record Square(int side, Letter letter) implements Shape {}

  static class Sealed {
    @Tool
    public void draw(@P("what to draw") Shape shape) {}
  }

  static class SealedList {
    @Tool
    public void draw(List<Shape> shapes) {}
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Card.class, name = "card"),
    @JsonSubTypes.Type(value = Transfer.class, name = "transfer")
  })
  interface Payment {}

  record Card(String number) implements Payment {}

  record Transfer(String iban) implements Payment {}

  static class Annotated {
    @Tool
    public void pay(Payment payment) {}
  }

  sealed interface Expr permits Num, Sum {}

  record Num(int value) implements Expr {}

  record Sum(Expr left, Expr right) implements Expr {}

  static class Recursive {
    @Tool
    public void compute(Expr expression) {}
  }

  static class Dates {
    @Tool
    public void on(LocalDate day) {}
  }

  static class Maps {
    @Tool
    public void map(Map<String, Integer> counts) {}
  }

  static class Uuids {
    @Tool
    public void uuid(UUID id) {}
  }

  private final ParityTable table =
      new ParityTable("test of langchain4j", "tool", "langchain4j", "alpha-umi", "where");

  private void row(String test, Object object) throws Exception {
    row(test, object, "");
  }

  private void row(String test, Object object, String why) throws Exception {
    List<JsonNode> theirs = theirs(object);
    List<JsonNode> ours = ours(object);
    table.add(
        theirs.equals(ours),
        why,
        test,
        object.getClass().getSimpleName(),
        names(theirs),
        names(ours),
        String.join(" ", differences(theirs, ours)));
  }

  private static List<JsonNode> theirs(Object object) throws Exception {
    try {
      return sorted(ToolSpecifications.toolSpecificationsFrom(object));
    } catch (IllegalArgumentException e) {
      return List.of(JSON.getNodeFactory().textNode("refused"));
    }
  }

  private static List<JsonNode> ours(Object object) throws Exception {
    try {
      return sorted(AnnotatedTools.of(object).specifications());
    } catch (AlphaUmiException e) {
      return e.getMessage().contains("has no method with @Tool")
          ? List.of()
          : List.of(JSON.getNodeFactory().textNode("refused"));
    }
  }

  private static List<JsonNode> sorted(List<ToolSpecification> tools) throws Exception {
    List<JsonNode> trees = new ArrayList<>();
    for (ToolSpecification tool :
        tools.stream().sorted(Comparator.comparing(ToolSpecification::name)).toList()) {
      ObjectNode tree = (ObjectNode) JSON.readTree(tool.toJson());
      tree.set("metadata", JSON.valueToTree(tool.metadata()));
      trees.add(tree);
    }
    return trees;
  }

  private static String names(List<JsonNode> tools) {
    return tools.isEmpty()
        ? "no tool"
        : String.join(
            ", ",
            tools.stream()
                .map(t -> t.isTextual() ? t.textValue() : t.get("name").asText())
                .toList());
  }

  private static List<String> differences(List<JsonNode> a, List<JsonNode> b) {
    List<String> places = new ArrayList<>();
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      compare(a.get(i), b.get(i), "", places);
    }
    return places.stream()
        .map(at -> at.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"))
        .distinct()
        .toList();
  }

  private static void compare(JsonNode a, JsonNode b, String at, List<String> places) {
    if (a.equals(b)) {
      return;
    }
    if (a.isObject() && b.isObject()) {
      Set<String> names = new HashSet<>();
      a.fieldNames().forEachRemaining(names::add);
      b.fieldNames().forEachRemaining(names::add);
      names.stream()
          .sorted()
          .forEach(name -> compare(a.path(name), b.path(name), at + "/" + name, places));
    } else if (a.isArray() && b.isArray() && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        compare(a.get(i), b.get(i), at + "/" + i, places);
      }
    } else {
      places.add(at.isEmpty() ? "/" : at);
    }
  }

  private static final String NAMES =
      "a recursive type is named as its class is, and not by a UUID";

  @Test
  void should_show_what_langchain4j_shows_except_where_it_says_why(@TempDir Path folder)
      throws Exception {
    row("tool_specifications_from", new MemoryId());
    row("tool_specifications_from_with_duplicate_method_names", new SameMethodNames());
    row("tool_specifications_from_with_duplicate_names", new SameNames());
    row("tool_name_memory_id", new MemoryId());
    row("tool_specification_metadata", new Metadata());
    row("tool_specification_from", new AllKinds());
    row(
        "tool_specification_from, p26",
        new OnePerson(),
        NAMES + "; and a member of its own type may be left out, else no value could end");
    row(
        "tool_specification_from, p27",
        new OptionalPrimitive(),
        "an int cannot be absent: refused when the agent is built");
    row("tool_specification_from, p27 as a box", new OptionalBox());
    row("object_used_multiple_times", new Registration());
    row(
        "two_custom_params_same_type_have_distinct_descriptions",
        new TwoPersons(),
        NAMES + "; and a member of its own type may be left out, else no value could end");
    row("two_custom_params_same_type_have_distinct_descriptions", new TwoPlaces());
    row("parses_tool_metadata_correctly", new Metadata());
    row("optional_parameter_is_not_required", new WithOptional());
    row("non_optional_parameter_is_required_by_default", new WithRequired());
    row("parameter_explicitly_required_true_is_required", new ExplicitlyRequired());
    row("parameter_with_default_value_is_not_required", new WithDefault());
    row(
        "parameter_with_default_value_is_not_required_even_when_required_is_true",
        new RequiredWithDefault());
    row("should_fail_when_both_value_and_description_are_set_in_P", new TwoDescriptions());
    row("should_use_description_when_only_description_is_set_in_P", new ByDescription());
    row("should_use_value_when_only_value_is_set_in_P", new ByValue());
    row("should_have_null_description_when_only_name_is_set_in_P", new ByName());
    row("should_discover_tool_from_superclass", new Child());
    row("should_fail_when_parent_and_child_have_same_tool_name", new ChildOfTheName());
    row("should_use_overriding_method_from_child_class", new Overriding());
    row("should_use_updated_tool_annotation_from_overriding_child", new Renaming());
    row(
        "should_fail_when_overloaded_methods_in_parent_and_child_default_to_same_tool_name",
        new Overloading());
    row(
        "should_fail_when_overloaded_methods_in_parent_and_child_have_same_tool_name",
        new OverloadingTheName());
    row(
        "should_discover_both_when_overloaded_methods_in_parent_and_child_have_different_tool_names",
        new OverloadingOtherwise());
    row("should_discover_tool_from_interface_default_method", new Implementing());
    row("should_discover_tools_from_both_class_and_interface", new ImplementingMore());
    row("should_use_class_method_when_overriding_interface_default", new OverridingDefault());
    row(
        "should_not_discover_abstract_interface_method_without_tool_on_implementation",
        new ImplementingAbstract(),
        "an interface with @Tool describes what its implementation does, so that proxies of it are"
            + " tools");
    row("should_discover_static_tool_from_interface", new ImplementingStatic());
    Object unnamed =
        BuildProblemsTest.compiled(
            folder,
            """
            import dev.langchain4j.agent.tool.*;
            public class Compiled {
              @Tool public void f(String first, int second) {}
            }
            """);
    row(
        "should_warn_when_parameter_name_is_unavailable",
        unnamed,
        "arg0 tells a model nothing: refused when the agent is built, with the remedy");
    row("should_not_warn_when_parameter_name_is_available", new ByValue());
    row(
        "should_warn_only_once_per_declaring_class",
        unnamed,
        "every such parameter is named in one error");
    row("should_prefer_explicit_parameter_name_over_the_compiled_one", new Named());

    row("(none) sealed type", new Sealed());
    row("(none) list of a sealed type", new SealedList());
    row("(none) @JsonSubTypes", new Annotated());
    row("(none) recursive sealed type", new Recursive(), NAMES);
    row("(none) UUID", new Uuids());
    row(
        "(none) java.time",
        new Dates(),
        "a date is a text with a format; small models do not fill in year, month and day");
    row("(none) map", new Maps(), "the values of a map have their type");
    table.check("parity-schemas");
  }
}
