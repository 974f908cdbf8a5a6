package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.PythonJson;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Ways in which a text may have a value: written here once more, so that tests do not trust. */
final class WrittenValues {
  private static final List<String> NUMBERS =
      List.of(
          "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              .concat(" fifteen sixteen seventeen eighteen nineteen twenty")
              .split(" "));
  private static final Map<Integer, String> SPANS =
      Map.of(
          15,
          "a quarter of an hour",
          30,
          "half an hour",
          60,
          "an hour",
          90,
          "an hour and a half",
          120,
          "two hours",
          180,
          "three hours");

  private WrittenValues() {}

  static List<String> of(Kind kind, Object value, LocalDate today) {
    List<String> ways = new ArrayList<>();
    ways.add(value instanceof String text ? text : PythonJson.write(value));
    if (value instanceof Number number) {
      ways.add(String.format(Locale.ROOT, "%,d", number.longValue()));
      ways.add(String.format(Locale.ROOT, "%.2f", number.doubleValue()));
    }
    if (kind == WorldKind.COUNT) {
      ways.add(NUMBERS.get((Integer) value));
    } else if (kind == WorldKind.MINUTES) {
      ways.add(SPANS.getOrDefault((Integer) value, ways.get(0)));
    } else if (kind == WorldKind.DATE) {
      dates(LocalDate.parse((String) value), today, ways);
    } else if (kind == WorldKind.TIME) {
      times((String) value, ways);
    } else if (kind == WorldKind.CURRENCY) {
      ValueLists.load().of("currencies").stream()
          .filter(line -> line.startsWith(value + "~"))
          .forEach(line -> ways.add(line.substring(4)));
    } else if (kind instanceof Kind.OneOf list) {
      ways.add(list.otherWords().getOrDefault((String) value, ways.get(0)));
    }
    return ways;
  }

  private static void dates(LocalDate date, LocalDate today, List<String> ways) {
    for (String pattern : List.of("d MMMM", "d MMM yyyy", "MMMM d", "MMMM d, yyyy")) {
      ways.add(date.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
    }
    String month = date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    for (String end : List.of("st", "nd", "rd", "th")) {
      ways.add(date.getDayOfMonth() + end + " " + month);
    }
    String weekday = date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    LocalDate monday = today.minusDays(today.getDayOfWeek().getValue() - 1L);
    if (date.equals(today.plusDays(1))) {
      ways.add("tomorrow");
    }
    if (date.equals(today.plusDays(2))) {
      ways.add("the day after tomorrow");
    }
    if (date.isAfter(today) && date.isBefore(monday.plusDays(7))) {
      ways.add("this " + weekday);
    } else if (date.isAfter(today) && date.isBefore(monday.plusDays(14))) {
      ways.add("next " + weekday);
      ways.add(weekday + " next week");
    }
  }

  private static void times(String time, List<String> ways) {
    int hour = Integer.parseInt(time.substring(0, 2));
    int twelve = hour % 12 == 0 ? 12 : hour % 12;
    String minute = time.endsWith(":00") ? "" : time.substring(2);
    for (String half : List.of("am", "pm")) {
      if (half.equals(hour < 12 ? "am" : "pm")) {
        ways.add(twelve + minute + half);
        ways.add(twelve + minute + " " + half);
      }
    }
    if (time.endsWith(":30")) {
      ways.add("half past " + twelve);
    }
  }
}
