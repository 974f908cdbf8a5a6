package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Effect;
import org.junit.jupiter.api.Test;

class ToolTesterTest {

  static class Good {
    @Tool("Status and delivery date of an order")
    @Policy(effect = Effect.READ_ONLY)
    String orderStatus(String orderId) {
      return orderId;
    }

    @Tool("Books a table in a restaurant for an evening")
    String bookTable(String restaurant, int persons) {
      return restaurant + persons;
    }
  }

  static class Bad {
    @Tool
    String getThing(String arg0) {
      return arg0;
    }

    @Tool("Gives the weather forecast of a city for tomorrow")
    String weatherForecast(String city) {
      return city;
    }

    @Tool("Gives the weather forecast of a city for today")
    String weatherForecasts(String city) {
      return city;
    }

    @Tool("Many arguments are given to this one")
    int sum(int first, int second, int third, int fourth, int fifth, int sixth, int seventh) {
      return first + second + third + fourth + fifth + sixth + seventh;
    }
  }

  @Test
  void should_have_nothing_to_say_about_good_tools() {
    ToolTester.Report report = ToolTester.check(AnnotatedTools.of(new Good()));
    assertThat(report.advice()).isEmpty();
    assertThat(report.tokens()).containsOnlyKeys("orderStatus", "bookTable");
    assertThat(report.toString()).startsWith("2 tools, about " + report.total() + " tokens");
  }

  @Test
  void should_say_what_a_small_model_will_stumble_over() {
    assertThat(ToolTester.check(AnnotatedTools.of(new Bad())).advice())
        .extracting(ToolTester.Advice::toString)
        .anySatisfy(line -> assertThat(line).startsWith("getThing: it has no description"))
        .anySatisfy(line -> assertThat(line).startsWith("getThing: its name sounds as if"))
        .anySatisfy(line -> assertThat(line).startsWith("getThing: the argument arg0 does not"))
        .anySatisfy(line -> assertThat(line).contains("it reads like weatherForecast"))
        .anySatisfy(line -> assertThat(line).startsWith("sum: it has 7 arguments"));
  }

  @Test
  void should_count_with_the_model_s_own_tokens() {
    ToolTester.Report report = ToolTester.check(AnnotatedTools.of(new Good()), text -> 10);
    assertThat(report.total()).isEqualTo(20);
  }
}
