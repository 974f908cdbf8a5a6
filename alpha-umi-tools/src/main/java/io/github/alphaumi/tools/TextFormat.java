package io.github.alphaumi.tools;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Forms of text that stand for a value of another type, by the names of JSON Schema where it has
 * one and of the OpenAPI format registry where it has not.
 */
enum TextFormat {
  DATE("date", "a date", "2026-01-31", TextFormat::date, LocalDate.class),
  TIME("time", "a time with an offset", "14:30:00Z", TextFormat::offsetTime, OffsetTime.class),
  TIME_LOCAL("time-local", "a time", "14:30:00", TextFormat::localTime, LocalTime.class),
  DATE_TIME(
      "date-time",
      "a date and time with an offset",
      "2026-01-31T14:30:00Z",
      TextFormat::offsetDateTime,
      Instant.class,
      OffsetDateTime.class,
      ZonedDateTime.class,
      Date.class),
  DATE_TIME_LOCAL(
      "date-time-local",
      "a date and time",
      "2026-01-31T14:30:00",
      TextFormat::localDateTime,
      LocalDateTime.class),
  DURATION(
      "duration", "an ISO duration", "PT15M", text -> Duration.parse(text) + "", Duration.class),
  PERIOD("period", "an ISO period", "P3D", text -> Period.parse(text) + "", Period.class),
  YEAR_MONTH(
      "year-month", "a month", "2026-01", text -> YearMonth.parse(text) + "", YearMonth.class),
  TIME_ZONE(
      "time-zone", "a time zone", "Europe/Vienna", text -> ZoneId.of(text).getId(), ZoneId.class),
  UUID_TEXT(
      "uuid",
      "a UUID",
      "123e4567-e89b-12d3-a456-426614174000",
      text -> UUID.fromString(text) + "",
      UUID.class),
  URI_TEXT("uri", "an address", "https://example.com/a", TextFormat::address, URI.class),
  LANGUAGE("language-tag", "a language tag", "de-AT", TextFormat::language, Locale.class),
  CURRENCY(
      "currency",
      "a currency code",
      "EUR",
      text -> Currency.getInstance(text.toUpperCase(Locale.ROOT)).getCurrencyCode(),
      Currency.class);

  private static final DateTimeFormatter SHORT_DATE =
      DateTimeFormatter.ofPattern("uuuu-M-d").withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter SHORT_TIME =
      DateTimeFormatter.ofPattern("H:mm[:ss]").withResolverStyle(ResolverStyle.STRICT);

  private final String schemaName;
  private final String noun;
  private final String example;
  private final UnaryOperator<String> canonical;
  private final Set<Class<?>> types;

  TextFormat(
      String schemaName,
      String noun,
      String example,
      UnaryOperator<String> canonical,
      Class<?>... types) {
    this.schemaName = schemaName;
    this.noun = noun;
    this.example = example;
    this.canonical = canonical;
    this.types = Set.of(types);
  }

  static Optional<TextFormat> of(Class<?> type) {
    return Arrays.stream(values()).filter(format -> format.types.contains(type)).findFirst();
  }

  static Optional<TextFormat> named(String schemaName) {
    return Arrays.stream(values())
        .filter(format -> format.schemaName.equals(schemaName))
        .findFirst();
  }

  String schemaName() {
    return schemaName;
  }

  /** What a text of this form is, for a message. */
  String noun() {
    return noun;
  }

  String example() {
    return example;
  }

  /** The text in the form in which it is read, or empty if it stands for no value. */
  Optional<String> canonical(String text) {
    try {
      return Optional.of(canonical.apply(text.strip()));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** A time of midnight adds nothing to a date; any other would be lost, and is refused. */
  private static String date(String text) {
    int end = separator(text);
    if (end < 0) {
      return LocalDate.parse(text, SHORT_DATE).toString();
    }
    String time = text.substring(end + 1).replaceFirst("(Z|[+-]00:00)$", "");
    if (!localTime(time).equals("00:00:00")) {
      throw new IllegalArgumentException("a time of day");
    }
    return date(text.substring(0, end));
  }

  private static String address(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty");
    }
    return URI.create(text).toString();
  }

  /** People also write an underscore. */
  private static String language(String text) {
    String tag =
        new Locale.Builder().setLanguageTag(text.replace('_', '-')).build().toLanguageTag();
    if (tag.equals("und")) {
      throw new IllegalArgumentException("no language");
    }
    return tag;
  }

  private static String localTime(String text) {
    LocalTime time = text.length() <= 8 ? LocalTime.parse(text, SHORT_TIME) : LocalTime.parse(text);
    return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
  }

  private static String offsetTime(String text) {
    return DateTimeFormatter.ISO_OFFSET_TIME.format(OffsetTime.parse(text));
  }

  private static String localDateTime(String text) {
    int end = separator(text);
    return date(text.substring(0, end)) + "T" + localTime(text.substring(end + 1));
  }

  private static String offsetDateTime(String text) {
    int end = separator(text);
    ZonedDateTime time =
        ZonedDateTime.parse(text.substring(0, end) + "T" + text.substring(end + 1));
    return DateTimeFormatter.ISO_ZONED_DATE_TIME.format(time);
  }

  /** Where the time begins: at a T, or at the space that people write instead. */
  private static int separator(String text) {
    return Math.max(Math.max(text.indexOf('T'), text.indexOf('t')), text.indexOf(' '));
  }
}
