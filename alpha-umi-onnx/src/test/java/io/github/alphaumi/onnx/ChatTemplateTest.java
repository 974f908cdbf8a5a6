package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts were read off jinja2 3.1.6 with the settings of transformers. */
class ChatTemplateTest {
  private static final String CHATML =
      """
      {%- for message in messages %}
          {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
          {{- '<|im_start|>assistant\\n' }}
      {%- endif %}
      """;

  private static String render(String source) {
    return ChatTemplate.parse(source).render(Map.of());
  }

  @Test
  void should_render_a_conversation() {
    List<Map<String, String>> messages =
        List.of(
            Map.of("role", "system", "content", "Be brief."),
            Map.of("role", "user", "content", "Hi"));

    String prompt =
        ChatTemplate.parse(CHATML)
            .render(Map.of("messages", messages, "add_generation_prompt", true));

    assertThat(prompt)
        .isEqualTo(
            """
            <|im_start|>system
            Be brief.<|im_end|>
            <|im_start|>user
            Hi<|im_end|>
            <|im_start|>assistant
            """);
  }

  @Test
  void should_print_the_values_of_java_as_python_prints_its_own() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("int", 1);
    values.put("big", new BigInteger("12345678901234567890"));
    values.put("float", 1e-7);
    values.put("list", Arrays.asList(true, null, 2.0f, 'c'));

    assertThat(ChatTemplate.parse("{{ v }} {{ v|tojson }}").render(Map.of("v", values)))
        .isEqualTo(
            "{'int': 1, 'big': 12345678901234567890, 'float': 1e-07,"
                + " 'list': [True, None, 2.0, 'c']}"
                + " {\"int\": 1, \"big\": 12345678901234567890, \"float\": 1e-07,"
                + " \"list\": [true, null, 2.0, \"c\"]}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '#',
      value = {
        "{{ 2.0**-44 }} {{ 1e16 }} {{ 5e-324 }} # 5.684341886080802e-14 1e+16 5e-324",
        "{{ 2**64 }} {{ 2**3**2 }} {{ -7 // 2 }} {{ 6 / 2 }} # 18446744073709551616 64 -4 3.0",
        "{{ 1 < 2 > 1 != 3 }} {{ (1,) }} {{ (1, 2) == [1, 2] }} # True (1,) False",
        "{{ 'abcdef'[::-2] }} {{ [1, 2, 3][:-10:-1] }} # fdb [3, 2, 1]",
        "{{ '😀b'|length }} {{ '😀b'[0] }} {{ '😀b'[::-1] }} # 2 😀 b😀",
        "{{ 'a,b,c'.rsplit(',', 1) }} {{ ' a b '.split() }} # ['a,b', 'c'] ['a', 'b']",
        "{{ '%05.1f|%-4d|%s' % (3.14159, 42, none) }} # 003.1|42  |None",
        "{{ '{:>5}|{:,}|{!r}|{:{}}|'.format('a', 1234567, 'q', 'x', 3) }} #     a|1,234,567|'q'|x  |",
        "{{ {'b': [1], 'a': {}}|tojson(indent=1, sort_keys=true) }} # {\\n \"a\": {},\\n \"b\": [\\n  1\\n ]\\n}",
        "{{ (1, 2)|tojson(separators=(',', ':')) }} # [1,2]",
        "{{ [{'r': 'a'}, {'r': 'b'}]|rejectattr('r', 'equalto', 'a')|map(attribute='r')|list }} # ['b']",
        "{% if []|select %}a generator is always true{% endif %} # a generator is always true",
        "{{ missing ~ 'x' }}{{ missing|length }}{{ missing.x is defined if missing }} # x0",
        "{{ x if false }}{{ missing|default('d') }}{{ none|default('d', true) }} # dd",
        "{% set a = 1 %}{% for i in [1] %}{% set a = 2 %}{% endfor %}{{ a }} # 1",
        "{% macro m(a, b=a) %}{{ a }}{{ b }}{{ varargs }}{% endmacro %}{{ m(1, 2, 3) }} # 12(3,)",
        "{% for n in [[1, [2]]] recursive %}{{ loop(n) if n is not number else n }}{% endfor %} # 12",
        "{% set s | upper %}ab{% endset %}{{ s }} # AB",
        "{{ {'a': {'b': 1}}}} # {'a': {'b': 1}}",
        "{% raw %}{{ x }}{% endraw %} # {{ x }}",
      })
  void should_evaluate_as_jinja2_does(String source, String expected) {
    String printed = render(source).replace("\n", "\\n");

    assertThat(printed.strip()).isEqualTo(expected.strip());
  }

  @Test
  void should_drop_the_white_space_of_blocks_but_not_of_outputs() {
    assertThat(render("  {% if true %}\n  a\n  {% endif %}\n  {{ 1 }}\n b\n"))
        .isEqualTo("  a\n  1\n b");
    assertThat(render("a \n {%- if true -%} \n b {%+ endif +%}\n c")).isEqualTo("ab \n c");
    assertThat(render("a\r\n{# c #}\r\nb\r\n")).isEqualTo("a\nb");
  }

  @Test
  void should_surface_the_message_of_raise_exception_unchanged() {
    ChatTemplate template = ChatTemplate.parse("\n{{ raise_exception('no ' ~ role ~ ' here') }}");

    assertThatExceptionOfType(ChatTemplateException.class)
        .isThrownBy(() -> template.render(Map.of("role", "system")))
        .withMessage("no system here")
        .satisfies(e -> assertThat(e.raisedByTemplate()).isTrue())
        .satisfies(e -> assertThat(e.line()).isEqualTo(2));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '#',
      value = {
        "{{ 1 # the tag has no end '}}'",
        "{% if %}{% endif %} # expected an expression, found '%}'",
        "{% if a %} # expected {% elif %} or {% else %} or {% endif %}, found the end of the template",
        "{% endfor %} # unknown tag 'endfor'",
        "{% include 'x' %} # 'include' is not supported: a chat template is a single file",
        "{% break %} # 'break' outside of a loop",
        "{{ 'abc }} # the string has no end '",
        "{{ (1] }} # unexpected ']', expected ')'",
      })
  void should_refuse_a_malformed_template_by_line(String source, String problem) {
    assertThatThrownBy(() -> ChatTemplate.parse("line 1\n" + source))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessage("chat template, line 2: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '#',
      value = {
        "{{ missing.attr }} # 'missing' is undefined",
        "{{ {}.a.b }} # 'dict object' has no attribute 'a'",
        "{{ 'a' + 1 }} # can only concatenate str (not \"int\") to str",
        "{{ [].append(1) }} # access to attribute 'append' of 'list' object is unsafe.",
        "{{ ''.__class__.__mro__ }} # access to attribute '__class__' of 'str' object is unsafe.",
        "{{ 1|nosuch }} # No filter named 'nosuch'",
        "{{ [1]|map('string')|tojson }} # Object of type generator is not JSON serializable",
      })
  void should_report_a_failing_expression_by_line(String source, String problem) {
    assertThatExceptionOfType(ChatTemplateException.class)
        .isThrownBy(() -> render("{% if true %}\n" + source + "{% endif %}"))
        .withMessage("chat template, line 2: " + problem)
        .satisfies(e -> assertThat(e.raisedByTemplate()).isFalse());
  }

  @Test
  void should_tell_the_time_of_the_given_clock_in_its_zone() {
    Clock clock = Clock.fixed(Instant.parse("2026-07-26T22:30:00Z"), ZoneOffset.UTC);
    ChatTemplate template = ChatTemplate.parse("{{ strftime_now('%a %-d %b %Y %H:%M') }}");

    assertThat(template.withClock(clock).render(Map.of())).isEqualTo("Sun 26 Jul 2026 22:30");
    assertThat(template.withClock(clock.withZone(ZoneId.of("Europe/Paris"))).render(Map.of()))
        .isEqualTo("Mon 27 Jul 2026 00:30");
  }

  @Test
  void should_not_change_what_it_is_given_nor_remember_it() {
    ChatTemplate template = ChatTemplate.parse("{% set a = a + [2] %}{{ a }}");
    Map<String, Object> variables = Map.of("a", List.of(1));

    assertThat(template.render(variables)).isEqualTo("[1, 2]");
    assertThat(template.render(variables)).isEqualTo("[1, 2]");
  }

  @Test
  void should_refuse_a_variable_of_a_type_it_cannot_print() {
    assertThatThrownBy(() -> ChatTemplate.parse("").render(Map.of("a", List.of(new Object()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("pass Map, Collection, String, Number, Boolean or null");
  }
}
