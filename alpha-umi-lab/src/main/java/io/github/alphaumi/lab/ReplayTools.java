package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.Map;

/** A small shop whose answers never change: the tools of the runs that are replayed. */
final class ReplayTools {

  @Tool("Status and delivery date of an order")
  Map<String, Object> orderStatus(@P("number of the order, as A-4711") String orderId) {
    return Map.of("order", orderId, "status", "shipped, delivery on 2026-11-24");
  }

  @Tool("Total price of an order in euros")
  Map<String, Object> orderTotal(@P("number of the order, as A-4711") String orderId) {
    return Map.of("order", orderId, "total", 59.90);
  }

  @Tool("Orders of a customer")
  Map<String, Object> ordersOf(@P("number of the customer, as C-17") String customerId) {
    return Map.of("customer", customerId, "orders", "A-4711, A-4712");
  }

  @Tool("Pieces of an article in stock")
  Map<String, Object> stockOf(@P("number of the article, as SKU-100") String sku) {
    return Map.of("article", sku, "pieces", 230);
  }

  @Tool("Shipping cost of a parcel by weight and country")
  Map<String, Object> shippingCost(double weightKg, String country) {
    return Map.of("weight", weightKg, "country", country, "cost", 12.40);
  }

  @Tool("Opening hours of the shop on a day of the week")
  Map<String, Object> openingHours(String day) {
    return Map.of("day", day, "hours", "10:00 to 16:00");
  }

  @Tool("Weather of a city today")
  Map<String, Object> weather(String city) {
    return Map.of("city", city, "weather", "rain, 9 degrees");
  }

  @Tool("Converts an amount of money")
  Map<String, Object> convert(double amount, String from, String to) {
    return Map.of("amount", amount, "from", from, "to", to, "result", amount * 1.16);
  }
}
