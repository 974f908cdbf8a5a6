package io.github.alphaumi.lab.world;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Dates as people write them. In JSON they are ISO dates. */
final class Dates {
  private static final DateTimeFormatter DAY_FIRST =
      DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);
  private static final DateTimeFormatter SHORT_MONTH =
      DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH_FIRST =
      DateTimeFormatter.ofPattern("MMMM d, yyyy", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH_AND_DAY =
      DateTimeFormatter.ofPattern("MMMM d", Locale.ENGLISH);
  private static final int WEEK = 7;

  private Dates() {}

  /** A day to come; where the task says what day it is, mostly a near one. */
  static String draw(Draws draws) {
    int days =
        draws.isTodayStated() && draws.chance(0.7) ? draws.between(0, 13) : draws.between(2, 250);
    return draws.today().plusDays(days).toString();
  }

  static Spelling write(String iso, Draws draws, String before) {
    LocalDate date = LocalDate.parse(iso);
    if (draws.isTodayStated() && draws.chance(0.75)) {
      List<String> relative = relative(date, draws.today(), before.matches("(?is).*\\bon $"));
      if (!relative.isEmpty() && !before.matches("(?is).*\\b(?:the|date|day) $")) {
        return new Spelling("", draws.pick(relative), "", false, true);
      }
      if (draws.chance(0.5)) {
        return Spelling.of(withoutYear(date, draws.today(), iso, draws));
      }
    }
    return Spelling.of(
        switch (draws.below(8)) {
          case 0 -> date.format(DAY_FIRST);
          case 1 -> date.format(MONTH_FIRST);
          case 2 -> date.format(SHORT_MONTH);
          case 3 -> date.format(DAY_FIRST).replaceFirst("^\\d+", ordinal(date.getDayOfMonth()));
          default -> iso;
        });
  }

  /** "May 3rd" means the next one. */
  private static String withoutYear(LocalDate date, LocalDate today, String iso, Draws draws) {
    if (!date.isBefore(today.plusYears(1))) {
      return iso;
    }
    String month = date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    return switch (draws.below(3)) {
      case 0 -> month + " " + ordinal(date.getDayOfMonth());
      case 1 -> date.getDayOfMonth() + " " + month;
      default -> date.format(MONTH_AND_DAY);
    };
  }

  /**
   * "Next Friday" is said only of a Friday of the next week: of one in this week, people do not
   * agree what it means. "In five days" stands where a day would have "on" before it.
   */
  private static List<String> relative(LocalDate date, LocalDate today, boolean afterOn) {
    List<String> words = new ArrayList<>();
    int days = (int) (date.toEpochDay() - today.toEpochDay());
    String weekday = date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    int untilSunday = WEEK - today.getDayOfWeek().getValue();
    if (days == 0) {
      words.add("today");
    } else if (days == 1) {
      words.add("tomorrow");
    } else if (days == 2) {
      words.add("the day after tomorrow");
    }
    if (days >= 2 && days <= untilSunday) {
      words.add("this " + weekday);
      words.add(weekday);
    } else if (days > untilSunday && days <= untilSunday + WEEK && days >= 2) {
      words.add(days <= WEEK ? "next " + weekday : weekday + " next week");
    }
    if (days == WEEK) {
      words.add("a week from today");
    } else if (afterOn && days >= 3 && days <= 10) {
      words.add("in " + (days < 6 ? NumberWords.of(days) : days) + " days");
    }
    return words;
  }

  /** How a task says what day it is. */
  static String stated(Draws draws) {
    LocalDate today = draws.today();
    String weekday = today.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    return "Today is "
        + weekday
        + ", "
        + (draws.chance(0.5) ? today.toString() : today.format(DAY_FIRST))
        + ".";
  }

  private static String ordinal(int day) {
    boolean teen = day / 10 == 1;
    return day
        + switch (teen ? 0 : day % 10) {
          case 1 -> "st";
          case 2 -> "nd";
          case 3 -> "rd";
          default -> "th";
        };
  }
}
