package io.github.alphaumi.lab.world;

import java.util.Locale;

/** How a service writes names of several words. */
enum NameStyle {
  /** {@code cancelOrder}, {@code orderId}. */
  CAMEL,
  /** {@code cancel_order}, {@code order_id}. */
  SNAKE,
  /** {@code CancelOrder}, {@code orderId}. */
  PASCAL;

  static NameStyle draw(Draws draws) {
    return draws.chance(0.55) ? CAMEL : draws.chance(0.8) ? SNAKE : PASCAL;
  }

  /** A tool's name. */
  String tool(String words) {
    String name = member(words);
    return this == PASCAL ? Request.capital(name) : name;
  }

  /** The name of an argument or of a member of what comes back. */
  String member(String words) {
    String[] parts = words.replaceAll("[^A-Za-z0-9 ]", " ").strip().split("\\s+");
    StringBuilder name = new StringBuilder();
    for (String part : parts) {
      String small = part.toLowerCase(Locale.ROOT);
      if (name.length() > 0 && this != SNAKE) {
        name.append(Request.capital(small));
      } else {
        name.append(name.length() > 0 ? "_" : "").append(small);
      }
    }
    return name.toString();
  }
}
