package io.github.alphaumi.lab.world;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** E-mail addresses that belong to names. */
final class Emails {
  private static final List<String> SITES =
      List.of(
          "example.com",
          "example.org",
          "example.net",
          "mail.example",
          "post.example",
          "office.example",
          "work.example",
          "home.example");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private Emails() {}

  static String draw(Draws draws) {
    return draws.open(() -> of(draws.line("first-names") + " " + draws.line("last-names"), draws));
  }

  /** One of a person; of a first name alone the rest is drawn. */
  static String belongingTo(String person, Draws draws) {
    return draws.open(() -> of(person, draws));
  }

  private static String of(String person, Draws draws) {
    String[] names = person.strip().split("\\s+");
    String first = plain(names[0]);
    String last = plain(names[names.length - 1]);
    String local =
        names.length == 1
            ? first + draws.pick(List.of("", draws.below(90) + 10 + ""))
            : switch (draws.below(6)) {
              case 0 -> first + last;
              case 1 -> first + "_" + last;
              case 2 -> first.substring(0, Math.min(1, first.length())) + "." + last;
              case 3 -> last + "." + first;
              default -> first + "." + last;
            };
    return local + "@" + draws.pick(SITES);
  }

  private static String plain(String name) {
    return MARKS
        .matcher(Normalizer.normalize(name, Normalizer.Form.NFD))
        .replaceAll("")
        .replace("ı", "i")
        .replace("ł", "l")
        .replace("ø", "o")
        .replaceAll("[^A-Za-z]", "")
        .toLowerCase(Locale.ROOT);
  }
}
