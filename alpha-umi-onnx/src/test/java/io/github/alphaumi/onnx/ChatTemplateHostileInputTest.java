package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a template tries, it ends in a {@link ChatTemplateException}, and soon. */
class ChatTemplateHostileInputTest {
  /** Half of what a thread has by default, so that a caller deep in its own stack is safe too. */
  private static final long SMALL_STACK_BYTES = 512 << 10;

  static Stream<Arguments> templates() {
    String ns = "{% set ns = namespace(x='ab', l=[1]) %}";
    String loop = "{% for i in range(100000) %}";
    return Stream.of(
        hostile("nested brackets", "{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}"),
        hostile("nested lists", "{{ " + "[".repeat(50_000) + "]".repeat(50_000) + " }}"),
        hostile("nested conditions", "{% if 1 %}".repeat(50_000) + "{% endif %}".repeat(50_000)),
        hostile("a chain of signs", "{{ " + "-".repeat(50_000) + "1 }}"),
        hostile("a chain of not", "{{ " + "not ".repeat(50_000) + "1 }}"),
        hostile("a chain of sums", "{{ 1" + " + 1".repeat(50_000) + " }}"),
        hostile("a chain of filters", "{{ 1" + "|string".repeat(50_000) + " }}"),
        hostile("a chain of attributes", "{{ a" + ".a".repeat(50_000) + " }}"),
        hostile("a chain of conditions", "{{ 1" + " if 0 else 1".repeat(50_000) + " }}"),
        hostile("nested targets", "{% set " + "(".repeat(50_000) + "a = 1 %}"),
        hostile("a long source", "x".repeat(2 << 20)),
        hostile("a long number", "{{ " + "9".repeat(500_000) + " }}"),
        hostile("endless recursion", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        hostile(
            "endless recursion of a caller",
            "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}"),
        hostile("a range of a billion", "{% for i in range(10**9) %}x{% endfor %}"),
        hostile("a range over all numbers", "{{ range(-9223372036854775807, 2**62)|length }}"),
        hostile("nested loops", loop.repeat(4) + "x" + "{% endfor %}".repeat(4)),
        hostile("silent nested loops", loop.repeat(4) + "{% endfor %}".repeat(4)),
        hostile("a repeated text", "{{ 'x' * 10**12 }}"),
        hostile("a repeated list", "{{ [0] * 10**9 }}"),
        hostile("a doubled text", ns + loop + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}"),
        hostile("a doubled list", ns + loop + "{% set ns.l = ns.l + ns.l %}{% endfor %}"),
        hostile(
            "a tree that is printed",
            ns + "{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}"),
        hostile(
            "a tree written as JSON",
            ns
                + "{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}"
                + "{{ ns.l|tojson }}"),
        hostile(
            "trees that are compared",
            "{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(60) %}"
                + "{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}"
                + "{{ a.l == b.l }}"),
        hostile("a deep list", ns + loop + "{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}"),
        hostile(
            "a stack of generators",
            ns + loop + "{% set ns.l = ns.l|map('string') %}{% endfor %}{{ ns.l|list }}"),
        hostile("a large power", "{{ 10 ** (10 ** 10) }}"),
        hostile("a growing power", "{{ (2 ** 13999) * (2 ** 13999) }}"),
        hostile("a replacement", "{{ ('a' * 1000000)|replace('a', 'b' * 1000000) }}"),
        hostile("a join", "{{ ([ 'a' * 1000000 ] * 100000)|join('b') }}"),
        hostile("a wide field", "{{ '%999999999d' % 1 }}"),
        hostile("a wide format", "{{ '{:999999999}'.format(1) }}"),
        hostile("a precise format", "{{ '%.999999999f' % 1 }}"),
        hostile("a wide text", "{{ 'a'.center(999999999) }}"),
        hostile("a deep indent", "{{ [[1]]|tojson(indent=999999999) }}"),
        hostile("wide tabs", "{{ ('\t' * 1000).expandtabs(10000000) }}"),
        hostile("many slices", "{{ [1]|slice(999999999)|list }}"),
        hostile("a long batch", "{{ [1]|batch(999999999, 0)|list }}"),
        hostile(
            "a searched text",
            ns
                + "{% set ns.x = 'a' * 10000000 %}"
                + loop
                + "{% if 'b' in ns.x %}x{% endif %}{% endfor %}"));
  }

  private static Arguments hostile(String name, String source) {
    return Arguments.of(name, source);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("templates")
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void should_end_in_a_clear_error(String name, String source) throws InterruptedException {
    FutureTask<String> rendering =
        new FutureTask<>(() -> ChatTemplate.parse(source).render(Map.of()));
    Thread thread = new Thread(null, rendering, name, SMALL_STACK_BYTES);
    thread.setDaemon(true);
    thread.start();

    assertThatThrownBy(rendering::get)
        .cause()
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageStartingWith("chat template, line 1: ");
  }

  @Test
  void should_refuse_variables_that_contain_themselves() {
    List<Object> list = new ArrayList<>();
    list.add(list);

    assertThatThrownBy(() -> ChatTemplate.parse("").render(Map.of("a", list)))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageContaining("deeper than");
  }

  @Test
  void should_leave_room_for_long_conversations() {
    String source = "{% for m in messages %}{{ '<' ~ m.role ~ '>' + m.content|trim }}{% endfor %}";
    Map<String, String> message = Map.of("role", "user", "content", "word ".repeat(200));
    List<Map<String, String>> messages = Collections.nCopies(5_000, message);

    String prompt = ChatTemplate.parse(source).render(Map.of("messages", messages));

    assertThat(prompt).hasSize(5_000 * ("<user>".length() + 999));
  }

  @Test
  void should_leave_room_for_recursion_over_a_schema() {
    String source =
        "{% macro type(s) %}{% if s.items is defined and s['items'] is mapping %}"
            + "{{ 'list[' + type(s['items']) + ']' }}{% else %}{{ s.type }}{% endif %}"
            + "{% endmacro %}{{ type(schema) }}";
    Map<String, Object> schema = Map.of("type", "string");
    for (int i = 0; i < 30; i++) {
      schema = Map.of("type", "array", "items", schema);
    }

    assertThat(ChatTemplate.parse(source).render(Map.of("schema", schema)))
        .isEqualTo("list[".repeat(30) + "string" + "]".repeat(30));
  }
}
