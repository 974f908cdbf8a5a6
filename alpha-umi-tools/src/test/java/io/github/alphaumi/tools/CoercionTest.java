package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoercionTest {
  enum Progress {
    OPEN,
    IN_PROGRESS
  }

  record Item(String name, int count) {}

  record Positive(int value) {
    Positive {
      if (value <= 0) {
        throw new IllegalArgumentException("secret: not positive");
      }
    }
  }

  /** Each tool says what it got. */
  static class Echo {
    @Tool
    String aByte(byte x) {
      return "got " + x;
    }

    @Tool
    String anInt(int x) {
      return "got " + x;
    }

    @Tool
    String aLong(Long x) {
      return "got " + x;
    }

    @Tool
    String aFloat(float x) {
      return "got " + x;
    }

    @Tool
    String aDouble(double x) {
      return "got " + x;
    }

    @Tool
    String aBigDecimal(BigDecimal x) {
      return "got " + x;
    }

    @Tool
    String aBigInteger(BigInteger x) {
      return "got " + x;
    }

    @Tool
    String aFlag(boolean x) {
      return "got " + x;
    }

    @Tool
    String aChar(char x) {
      return "got " + x;
    }

    @Tool
    String aText(String x) {
      return "got " + x;
    }

    @Tool
    String anEnum(Progress x) {
      return "got " + x;
    }

    @Tool
    String aDate(LocalDate x) {
      return "got " + x;
    }

    @Tool
    String aTime(LocalTime x) {
      return "got " + x;
    }

    @Tool
    String aDateTime(LocalDateTime x) {
      return "got " + x;
    }

    @Tool
    String anInstant(Instant x) {
      return "got " + x;
    }

    @Tool
    String aZoned(ZonedDateTime x) {
      return "got " + x;
    }

    @Tool
    String aDuration(Duration x) {
      return "got " + x;
    }

    @Tool
    String aUuid(UUID x) {
      return "got " + x;
    }

    @Tool
    String aList(List<Integer> x) {
      return "got " + x;
    }

    @Tool
    String anArray(String[] x) {
      return "got " + Arrays.toString(x);
    }

    @Tool
    String aSet(Set<Progress> x) {
      return "got " + x;
    }

    @Tool
    String aMap(Map<String, Integer> x) {
      return "got " + x;
    }

    @Tool
    String aMapByEnum(Map<Progress, String> x) {
      return "got " + x;
    }

    @Tool
    String anOldDate(Date x) {
      return "got " + x.toInstant();
    }

    @Tool
    String aRecord(Item x) {
      return "got " + x;
    }

    @Tool
    String aStrictRecord(Positive x) {
      return "got " + x;
    }

    @Tool
    String records(List<Item> x) {
      return "got " + x;
    }

    @Tool
    String anOptional(Optional<Integer> x) {
      return "got " + x;
    }

    @Tool
    String anOptionalInt(OptionalInt x) {
      return "got " + x;
    }

    @Tool
    String aNullable(@P(required = false) @Nullable Integer x) {
      return "got " + x;
    }

    @Tool
    String aDefault(@P(defaultValue = "5") int x, @P(defaultValue = "[1, 2]") List<Integer> y) {
      return "got " + x + " " + y;
    }
  }

  private static final Toolbox TOOLS = AnnotatedTools.of(new Echo());

  @ParameterizedTest(name = "{0} takes {1} as {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "anInt | 12 | 12",
        "anInt | \"12\" | 12",
        "anInt | \" 12 \" | 12",
        "anInt | 3.0 | 3",
        "anInt | \"3.00\" | 3",
        "anInt | [7] | 7",
        "anInt | -2147483648 | -2147483648",
        "aByte | -128 | -128",
        "aLong | \"9223372036854775807\" | 9223372036854775807",
        "aFloat | 1.5 | 1.5",
        "aDouble | 2 | 2.0",
        "aDouble | \"2.5\" | 2.5",
        "aBigDecimal | 12.50 | 12.50",
        "aBigInteger | 123456789012345678901234567890 | 123456789012345678901234567890",
        "aFlag | true | true",
        "aFlag | \"False\" | false",
        "aChar | \"x\" | x",
        "aChar | 7 | 7",
        "aText | 12 | 12",
        "aText | 12.50 | 12.50",
        "aText | true | true",
        "aText | [\"one\"] | one",
        "anEnum | \"OPEN\" | OPEN",
        "anEnum | \"open\" | OPEN",
        "anEnum | \"in progress\" | IN_PROGRESS",
        "aDate | \"2026-01-31\" | 2026-01-31",
        "aDate | \"2026-1-5\" | 2026-01-05",
        "aDate | \"2026-01-31T00:00:00Z\" | 2026-01-31",
        "aTime | \"9:30\" | 09:30",
        "aTime | \"09:30:15.5\" | 09:30:15.500",
        "aDateTime | \"2026-01-31T14:30\" | 2026-01-31T14:30",
        "aDateTime | \"2026-01-31 14:30:05\" | 2026-01-31T14:30:05",
        "anInstant | \"2026-01-31T14:30:00+01:00\" | 2026-01-31T13:30:00Z",
        "aZoned | \"2026-01-31T14:30:00+01:00\" | 2026-01-31T14:30+01:00",
        "aDuration | \"PT90M\" | PT1H30M",
        "aUuid | \"123E4567-E89B-12D3-A456-426614174000\" | 123e4567-e89b-12d3-a456-426614174000",
        "aList | [1, \"2\"] | [1, 2]",
        "aList | 5 | [5]",
        "aList | \"[1, 2]\" | [1, 2]",
        "anArray | \"a, b\" | [a, b]",
        "aSet | \"open\" | [OPEN]",
        "aMap | {\"a\": \"1\"} | {a=1}",
        "aMapByEnum | {\"open\": 1} | {OPEN=1}",
        "anOldDate | \"2026-01-31T14:30:00Z\" | 2026-01-31T14:30:00Z",
        "aZoned | \"2026-01-31T14:30+01:00[Europe/Vienna]\" | 2026-01-31T14:30+01:00[Europe/Vienna]",
        "aRecord | {\"name\": \"x\", \"count\": \"2\"} | Item[name=x, count=2]",
        "aRecord | {\"Name\": \"x\", \"counts\": 2} | Item[name=x, count=2]",
        "aRecord | \"{\\\"name\\\": \\\"x\\\", \\\"count\\\": 2}\" | Item[name=x, count=2]",
        "records | {\"name\": \"x\", \"count\": 2} | [Item[name=x, count=2]]",
        "anOptional | 3 | Optional[3]",
        "anOptional | null | Optional.empty",
        "anOptional | \"\" | Optional.empty",
        "anOptionalInt | \"3\" | OptionalInt[3]",
        "anOptionalInt | \"\" | OptionalInt.empty",
        "aNullable | \"\" | null",
        "aDefault | null | 5 [1, 2]",
        "aDefault | 7 | 7 [1, 2]",
      })
  void should_take_what_means_the_same(String tool, String value, String got) {
    Observation observation = Calls.run(TOOLS, tool, "{\"x\": " + value + "}");
    assertThat(observation)
        .isEqualTo(new Observation(Status.OK, "{\"result\": \"got " + got + "\"}"));
  }

  @ParameterizedTest(name = "{0} refuses {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "anInt | 1.5 | x must be a whole number, not 1.5",
        "anInt | \"1.5\" | x must be a whole number",
        "anInt | \"twelve\" | x must be a whole number, not \\\"twelve\\\"",
        "anInt | true | x must be a whole number, not true",
        "anInt | 2147483648 | x must be at most 2147483647, not 2147483648",
        "anInt | 1e999999999 | x must be a whole number",
        "anInt | \"\" | x must be a whole number",
        "anInt | null | the argument x is missing",
        "anInt | [1, 2] | x must be a whole number",
        "aByte | 128 | x must be at most 127",
        "aFloat | 1e39 | x must be at most",
        "aDouble | \"NaN\" | x must be a number",
        "aBigDecimal | 1e999999999 | x must be a number",
        "aFlag | 1 | x must be true or false, not 1",
        "aFlag | \"yes\" | x must be true or false",
        "aChar | \"xy\" | x must be one character",
        "aChar | \"\" | x must be one character",
        "aText | {\"a\": 1} | x must be text",
        "anEnum | \"closed\" | x must be OPEN or IN_PROGRESS, not \\\"closed\\\"",
        "aDate | \"tomorrow\" | x must be a date such as 2026-01-31, not \\\"tomorrow\\\"",
        "aDate | \"2026-02-30\" | x must be a date such as",
        "aDate | \"2026-01-31T14:30:00\" | x must be a date such as",
        "aDate | \"01/02/2026\" | x must be a date such as",
        "aTime | \"25:00\" | x must be a time such as",
        "aDateTime | \"2026-01-31\" | x must be a date and time such as",
        "anInstant | \"2026-01-31T14:30:00\" | x must be a date and time with an offset",
        "aDuration | \"90 minutes\" | x must be an ISO duration",
        "aUuid | \"4711\" | x must be a UUID",
        "aList | [1, null] | x[1] must be a whole number, not null",
        "aList | \"\" | x must be a list",
        "aMapByEnum | {\"closed\": \"b\"} | names in x must be OPEN or IN_PROGRESS, not closed",
        "aMap | {\"a\": \"b\"} | x.a must be a whole number",
        "aRecord | {\"name\": \"x\"} | the argument x.count is missing",
        "aRecord | {\"name\": \"x\", \"count\": 1, \"color\": \"red\"} | there is no argument x.color",
        "aRecord | \"x\" | x must be an object",
        "records | [{\"name\": \"x\", \"count\": 1.5}] | x[0].count must be a whole number",
        "aStrictRecord | {\"value\": -1} | x is not a value that the tool takes",
      })
  void should_refuse_what_does_not_fit(String tool, String value, String problem) {
    Observation observation = Calls.run(TOOLS, tool, "{\"x\": " + value + "}");
    assertThat(observation.status()).as(observation.text()).isEqualTo(Status.INVALID);
    assertThat(observation.text()).contains(problem).doesNotContain("secret");
  }

  @Test
  void should_name_all_that_is_wrong_at_once() {
    assertThat(Calls.run(TOOLS, "aRecord", "{\"x\": {\"count\": \"many\"}}").text())
        .contains("the argument x.name is missing")
        .contains("x.count must be a whole number");
  }

  @Test
  void should_offer_the_nearest_names_for_an_unknown_one() {
    assertThat(Calls.run(TOOLS, "aBigNumber", "{}").text())
        .isEqualTo(
            "{\"error\": \"the tool aBigNumber does not exist; use aBigInteger or"
                + " aBigDecimal\"}");
    assertThat(Calls.run(TOOLS, "aDat", "{}").text())
        .isEqualTo("{\"error\": \"the tool aDat does not exist; use aDate, aDefault or aFloat\"}");
  }
}
