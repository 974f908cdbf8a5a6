package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts were printed by Python 3: {@code json.dumps(json.loads(text))}. */
class PythonJsonTest {

  @ParameterizedTest
  @CsvSource({
    "1e16, 1e+16",
    "1e-7, 1e-07",
    "0.1, 0.1",
    "100.0, 100.0",
    "417.20, 417.2",
    "1E+3, 1000.0",
    "1e22, 1e+22",
    "123456789012345680.0, 1.2345678901234568e+17",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "5e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "2e23, 2e+23",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "9999999999999998.0, 9999999999999998.0",
    "1e15, 1000000000000000.0",
    "-1.5e-10, -1.5e-10",
    "5.684341886080802e-14, 5.684341886080802e-14",
    "8.41e21, 8.41e+21",
    "2.0e-3, 0.002",
    "4.35, 4.35",
    "0.30000000000000004, 0.30000000000000004",
    "1e100, 1e+100",
    "123456.789e3, 123456789.0",
    "0.10, 0.1",
    "0.0, 0.0",
    "0e10, 0.0",
    "1e23, 1e+23",
    "9.5367431640625e-07, 9.5367431640625e-07",
    "-1e16, -1e+16"
  })
  void should_write_floats_as_python_does(String text, String expected) {
    if (!text.equals("123456.789e3")) {
      assertThat(PythonJson.write(JsonValues.parse(text).orElseThrow())).isEqualTo(expected);
    }
    assertThat(PythonJson.write(Double.parseDouble(text))).isEqualTo(expected);
  }

  @Test
  void should_write_negative_zero_as_python_does() {
    assertThat(PythonJson.write(-0.0)).isEqualTo("-0.0");
  }

  @Test
  void should_write_a_decimal_without_fraction_or_exponent_as_an_integer() {
    assertThat(PythonJson.write(new BigDecimal("100"))).isEqualTo("100");
    // Python writes 15.0 here, but a decimal does not remember that it was written with an
    // exponent.
    assertThat(PythonJson.write(new BigDecimal("1.5e1"))).isEqualTo("15");
  }

  @Test
  void should_keep_digits_that_a_float_would_lose() {
    // Python writes 0.12345678901234568 and Infinity.
    assertThat(PythonJson.write(new BigDecimal("0.12345678901234567890")))
        .isEqualTo("0.12345678901234567890");
    assertThat(PythonJson.write(new BigDecimal("12345678901234567.89")))
        .isEqualTo("12345678901234567.89");
    assertThat(PythonJson.write(new BigDecimal("1e400"))).isEqualTo("1E+400");
    assertThat(PythonJson.write(new BigDecimal("-1e-400"))).isEqualTo("-1E-400");
  }

  @Test
  void should_not_turn_a_short_exponent_into_a_gigabyte() {
    String text = "{\"a\": 1E+1000000000, \"b\": 1e-2147483640}";

    assertThat(PythonJson.write(JsonValues.parse(text).orElseThrow())).hasSizeLessThan(60);
  }

  @Test
  void should_write_a_float_by_the_digits_that_were_written() {
    assertThat(PythonJson.write(List.of(0.1f, 16777216f, 1e10f)))
        .isEqualTo("[0.1, 16777216.0, 10000000000.0]");
  }

  @Test
  void should_write_integers_of_any_size() {
    assertThat(
            PythonJson.write(List.of(1, -2L, (short) 3, new BigInteger("123456789012345678901"))))
        .isEqualTo("[1, -2, 3, 123456789012345678901]");
  }

  @Test
  void should_write_what_is_no_number_as_null() {
    // Python writes NaN and Infinity, which are not JSON.
    assertThat(PythonJson.write(Arrays.asList(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN)))
        .isEqualTo("[null, null, null]");
  }

  @Test
  void should_write_the_fewest_digits_that_read_back_as_the_same_double() {
    long seed = 7L;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        String text = PythonJson.write(value);
        assertThat(Double.parseDouble(text)).as("seed %d: %s", seed, text).isEqualTo(value);
        assertThat(new BigDecimal(text).stripTrailingZeros().precision())
            .as("seed %d: %s", seed, text)
            .isLessThanOrEqualTo(BigDecimal.valueOf(value).stripTrailingZeros().precision());
      }
    }
  }

  @Test
  void should_separate_members_as_python_does() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("b", Arrays.asList(1, true, null));
    members.put("a", Map.of());
    members.put("c", List.of());
    members.put("d", Map.of("x", "y"));

    assertThat(PythonJson.write(members))
        .isEqualTo("{\"b\": [1, true, null], \"a\": {}, \"c\": [], \"d\": {\"x\": \"y\"}}");
    assertThat(PythonJson.write(null)).isEqualTo("null");
  }

  @Test
  void should_escape_control_characters_quotes_and_nothing_else() {
    assertThat(PythonJson.write("\"\\/\b\f\n\r\t\u0000\u001f\u007f</s>"))
        .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f</s>\"");
    assertThat(PythonJson.write("é\u2028😀\ud800")).isEqualTo("\"é\u2028😀\ud800\"");
  }

  @Test
  void should_escape_all_but_ascii_where_asked() {
    assertThat(PythonJson.writeAscii(Map.of("ü", "é\u2028😀\u007f~")))
        .isEqualTo("{\"\\u00fc\": \"\\u00e9\\u2028\\ud83d\\ude00\\u007f~\"}");
  }

  @Test
  void should_read_no_value_from_what_is_not_json() {
    for (String text :
        List.of("", " ", "null", "{", "{} {}", "{'a': 1}", "[1,]", "NaN", "1e99999999999")) {
      assertThat(JsonValues.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void should_survive_deep_nesting() {
    assertThat(JsonValues.parse("[".repeat(100_000))).isEmpty();
    assertThat(JsonValues.findObject("{\"a\":".repeat(100_000))).isEmpty();
    String deep = "[".repeat(900) + "]".repeat(900);
    assertThat(PythonJson.write(JsonValues.parse(deep).orElseThrow())).isEqualTo(deep);
  }
}
