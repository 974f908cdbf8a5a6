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
              .concat(" fifteen sixteen seventeen eighteen nineteen")
              .split(" "));
  private static final List<String> TENS =
      List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));
  private static final Map<Integer, String> SPANS =
      Map.of(
          15,
          "a quarter of an hour",
          30,
          "half an hour",
          45,
          "three quarters of an hour",
          60,
          "an hour",
          90,
          "an hour and a half",
          120,
          "two hours",
          150,
          "two and a half hours",
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
    if (value instanceof Integer number && number >= 0 && number < 100) {
      ways.add(inWords(number));
    }
    if (kind == WorldKind.MINUTES) {
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

  private static String inWords(int number) {
    if (number < 20) {
      return NUMBERS.get(number);
    }
    String unit = number % 10 == 0 ? "" : "-" + NUMBERS.get(number % 10);
    return TENS.get(number / 10 - 2) + unit;
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
    long days = date.toEpochDay() - today.toEpochDay();
    if (days == 0) {
      ways.add("today");
    } else if (days == 7) {
      ways.add("a week from today");
    } else if (days > 2 && days <= 10) {
      ways.add("in " + days + " days");
      ways.add("in " + inWords((int) days) + " days");
    }
    if (date.equals(today.plusDays(1))) {
      ways.add("tomorrow");
    }
    if (date.equals(today.plusDays(2))) {
      ways.add("the day after tomorrow");
    }
    if (date.isAfter(today) && date.isBefore(monday.plusDays(7))) {
      ways.add("this " + weekday);
      ways.add(weekday);
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
    String words = inWords(twelve);
    if (time.equals("12:00")) {
      ways.add("noon");
    } else if (time.endsWith(":00")) {
      ways.add(words + " o'clock");
    } else if (time.endsWith(":15")) {
      ways.add("quarter past " + words);
    } else if (time.endsWith(":30")) {
      ways.add("half past " + words);
    } else if (time.endsWith(":45")) {
      ways.add("quarter to " + inWords(twelve % 12 + 1));
    }
    String day = hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
    ways.add(twelve + time.substring(2) + " in the " + day);
  }
}
