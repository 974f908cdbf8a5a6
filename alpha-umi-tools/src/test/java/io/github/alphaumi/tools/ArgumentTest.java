package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArgumentTest {
  static class Orders {
    int calls;

    @Tool
    String find(String orderId, @P(required = false) @Nullable String customerName) {
      calls++;
      return orderId + " " + customerName;
    }
  }

  private final Orders orders = new Orders();
  private final Toolbox shop = AnnotatedTools.of(orders);
  private final FakeRunContext context = new FakeRunContext(call -> Approver.Answer.yes());

  @Test
  void should_rename_an_argument_that_is_obviously_meant() {
    Observation observation = shop.execute(Calls.call("find", "{\"order_id\": 4711}"), context);
    assertThat(observation.text()).isEqualTo("{\"result\": \"4711 null\"}");
    assertThat(context.repairs())
        .containsExactly("CALLER: find: order_id renamed to orderId, orderId read as string");
  }

  @Test
  void should_count_no_repair_if_nothing_was_mended() {
    shop.execute(Calls.call("find", "{\"orderId\": \"A\"}"), context);
    assertThat(context.repairs()).isEmpty();
  }

  @Test
  void should_drop_unknown_arguments_that_say_nothing() {
    Observation observation =
        shop.execute(Calls.call("find", "{\"orderId\": \"A\", \"q\": null, \"z\": \"\"}"), context);
    assertThat(observation.status()).isEqualTo(Status.OK);
    assertThat(context.repairs()).containsExactly("CALLER: find: q dropped, z dropped");
  }

  @Test
  void should_refuse_unknown_arguments_that_say_something() {
    Observation observation = Calls.run(shop, "find", "{\"orderId\": \"A\", \"minimum\": 5}");
    assertThat(observation.status()).isEqualTo(Status.INVALID);
    assertThat(observation.text()).contains("there is no argument minimum");
    assertThat(orders.calls).isZero();
  }

  @Test
  void should_not_choose_between_two_names_for_one_argument() {
    Observation observation = Calls.run(shop, "find", "{\"order_id\": \"A\", \"orderid\": \"B\"}");
    assertThat(observation.status()).isEqualTo(Status.INVALID);
  }

  @Test
  void should_never_call_without_a_required_argument() {
    for (String arguments : List.of("{}", "{\"orderId\": null}", "{\"customerName\": \"B\"}")) {
      Observation observation = Calls.run(shop, "find", arguments);
      assertThat(observation)
          .isEqualTo(
              new Observation(
                  Status.INVALID,
                  "{\"error\": \"find was not called: the argument orderId is missing\","
                      + " \"example\": {\"name\": \"find\","
                      + " \"arguments\": {\"orderId\": \"<orderId>\"}}}"));
    }
    assertThat(orders.calls).isZero();
  }

  @Test
  void should_tell_the_nearest_names_for_an_unknown_one() {
    assertThat(Calls.run(shop, "finds", "{}"))
        .isEqualTo(
            new Observation(
                Status.INVALID, "{\"error\": \"the tool finds does not exist; use find\"}"));
  }

  record Tree(String label, List<Tree> children) {}

  static class Forest {
    @Tool
    String plant(Tree tree) {
      return tree.toString();
    }
  }

  static class OtherForest {
    record Tree(int height, @Nullable Tree left) {}

    @Tool
    String plant(Tree tree) {
      return tree.toString();
    }
  }

  @Test
  void should_check_and_mend_recursive_types_at_every_level() {
    Toolbox forest = AnnotatedTools.of(new Forest());
    Toolbox other = AnnotatedTools.of(new OtherForest());
    String tree = "{\"label\": 1, \"children\": {\"label\": %s, \"children\": []}}";
    assertThat(Calls.run(forest, "plant", "{\"tree\": " + tree.formatted("2") + "}").text())
        .contains("Tree[label=1, children=[Tree[label=2, children=[]]]]");
    assertThat(Calls.run(forest, "plant", "{\"tree\": " + tree.formatted("[]") + "}").text())
        .contains("tree.children[0].label must be text, not []");
    assertThat(Calls.run(other, "plant", "{\"tree\": {\"height\": 1}}").text())
        .contains("Tree[height=1, left=null]");
    assertThat(
            Calls.run(other, "plant", "{\"tree\": {\"height\": 1, \"left\": {\"height\": \"2\"}}}")
                .text())
        .contains("left=Tree[height=2, left=null]");
    assertThat(Calls.run(other, "plant", "{}").text())
        .contains("\"arguments\": {\"tree\": {\"height\": 1}}");
  }

  @Test
  void should_refuse_what_is_nested_too_deep() {
    Object value = "x";
    for (int i = 0; i < 500; i++) {
      value = List.of(value);
    }
    Observation observation = shop.execute(new ToolCall("find", Map.of("orderId", value)), context);
    assertThat(observation.status()).isEqualTo(Status.INVALID);
    assertThat(observation.text()).contains("nested too deep");
  }
}
