package io.github.alphaumi.lab.world;

/** Times of day as people write them. In JSON they are {@code HH:MM}. */
final class Times {
  private Times() {}

  static String write(String time, Draws draws) {
    int hour = Integer.parseInt(time.substring(0, 2));
    int minute = Integer.parseInt(time.substring(3));
    if (draws.chance(0.45)) {
      return time;
    }
    String digits = twelve(hour) + (minute == 0 ? "" : time.substring(2));
    String half = hour < 12 ? "am" : "pm";
    if (draws.chance(0.6)) {
      return digits + (draws.chance(0.5) ? " " : "") + half;
    }
    return inWords(hour, minute, digits);
  }

  /** With the part of the day, because twelve hours do not tell it. */
  private static String inWords(int hour, int minute, String digits) {
    return switch (minute) {
      case 0 -> hour == 12 ? "noon" : NumberWords.of(twelve(hour)) + " o'clock " + partOfDay(hour);
      case 15 -> "quarter past " + NumberWords.of(twelve(hour)) + " " + partOfDay(hour);
      case 30 -> "half past " + NumberWords.of(twelve(hour)) + " " + partOfDay(hour);
      case 45 -> "quarter to " + NumberWords.of(twelve((hour + 1) % 24)) + " " + partOfDay(hour);
      default -> digits + " " + partOfDay(hour);
    };
  }

  private static int twelve(int hour) {
    return hour % 12 == 0 ? 12 : hour % 12;
  }

  private static String partOfDay(int hour) {
    return hour < 12 ? "in the morning" : hour < 18 ? "in the afternoon" : "in the evening";
  }
}
