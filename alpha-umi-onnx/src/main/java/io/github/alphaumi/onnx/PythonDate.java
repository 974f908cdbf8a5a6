package io.github.alphaumi.onnx;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** C's {@code strftime} in the C locale, with glibc's {@code %-d} for a number without padding. */
final class PythonDate {
  private PythonDate() {}

  static String format(LocalDateTime time, String format, JinjaBudget budget) {
    BoundedText out = new BoundedText(budget);
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i == format.length()) {
        out.append(c);
        continue;
      }
      boolean unpadded = format.charAt(i) == '-' && i + 1 < format.length();
      i += unpadded ? 1 : 0;
      char directive = format.charAt(i++);
      String text = field(time, directive, budget);
      if (text == null) {
        // As glibc does: what it does not know it leaves.
        out.append("%").append(directive);
      } else {
        out.append(unpadded ? text.replaceFirst("^[0 ]+(?=\\d)", "") : text);
      }
    }
    return out.toString();
  }

  private static @Nullable String field(LocalDateTime time, char directive, JinjaBudget budget) {
    return switch (directive) {
      case 'a' -> pattern(time, "EEE");
      case 'A' -> pattern(time, "EEEE");
      case 'b', 'h' -> pattern(time, "MMM");
      case 'B' -> pattern(time, "MMMM");
      case 'd' -> pattern(time, "dd");
      case 'e' -> String.format("%2d", time.getDayOfMonth());
      case 'f' -> pattern(time, "SSSSSS");
      case 'G' -> String.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> pattern(time, "HH");
      case 'I' -> pattern(time, "hh");
      case 'j' -> pattern(time, "DDD");
      case 'k' -> String.format("%2d", time.getHour());
      case 'l' -> String.format("%2d", time.get(ChronoField.CLOCK_HOUR_OF_AMPM));
      case 'm' -> pattern(time, "MM");
      case 'M' -> pattern(time, "mm");
      case 'n' -> "\n";
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'S' -> pattern(time, "ss");
      case 't' -> "\t";
      case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
      case 'U' -> week(time, time.getDayOfWeek().getValue() % 7);
      case 'V' -> String.format("%02d", time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
      case 'W' -> week(time, time.getDayOfWeek().getValue() - 1);
      case 'y' -> String.format("%02d", time.getYear() % 100);
      case 'Y' -> String.valueOf(time.getYear());
      case 'z', 'Z' -> "";
      case '%' -> "%";
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y", budget);
      case 'D', 'x' -> format(time, "%m/%d/%y", budget);
      case 'F' -> format(time, "%Y-%m-%d", budget);
      case 'r' -> format(time, "%I:%M:%S %p", budget);
      case 'R' -> format(time, "%H:%M", budget);
      case 'T', 'X' -> format(time, "%H:%M:%S", budget);
      default -> null;
    };
  }

  /** The week of the year, counted from the first day whose weekday is 0. */
  private static String week(LocalDateTime time, int weekday) {
    return String.format("%02d", (time.getDayOfYear() + 6 - weekday) / 7);
  }

  private static String pattern(LocalDateTime time, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
