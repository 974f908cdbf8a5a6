package io.github.alphaumi.quickstart;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.tools.Policy;
import io.github.alphaumi.tools.ToolException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The order service of a small shop, with its data in memory. Nothing in it knows of agents but the
 * annotations.
 */
public class OrderService {

  /** What a customer may ask to be paid in. */
  public enum Currency {
    EUR,
    USD,
    GBP,
    CHF
  }

  private static final Map<String, BigDecimal> BASE_BY_COUNTRY =
      Map.of(
          "germany", new BigDecimal("4.90"),
          "france", new BigDecimal("9.90"),
          "austria", new BigDecimal("9.90"),
          "switzerland", new BigDecimal("14.90"));
  private static final Map<String, String> HOURS_BY_DAY =
      Map.of("saturday", "10:00 to 16:00", "sunday", "closed");

  private record Order(
      String customer, String article, String status, LocalDate delivery, BigDecimal total) {}

  private final Map<String, Order> orders = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final Map<String, Integer> stock =
      Map.of("SKU-100", 14, "SKU-200", 0, "SKU-300", 230, "SKU-9920", 3);
  private final Map<Currency, BigDecimal> perEuro =
      Map.of(
          Currency.EUR, new BigDecimal("1"),
          Currency.USD, new BigDecimal("1.16"),
          Currency.GBP, new BigDecimal("0.87"),
          Currency.CHF, new BigDecimal("0.93"));

  public OrderService() {
    orders.put("A-4711", order("C-17", "SKU-100", "shipped", "2026-11-24", "59.90"));
    orders.put("A-4712", order("C-17", "SKU-300", "delivered", "2026-11-12", "12.50"));
    orders.put("B-1001", order("C-42", "SKU-200", "waiting for stock", "2026-12-03", "249.00"));
    orders.put("B-1002", order("C-42", "SKU-9920", "packed", "2026-11-25", "18.75"));
  }

  private static Order order(
      String customer, String article, String status, String delivery, String total) {
    return new Order(customer, article, status, LocalDate.parse(delivery), new BigDecimal(total));
  }

  private Order find(String orderId) {
    Order order = orders.get(orderId.strip().toUpperCase(Locale.ROOT));
    if (order == null) {
      throw new ToolException("order not found");
    }
    return order;
  }

  @Tool("Status and delivery date of an order")
  public Map<String, Object> orderStatus(@P("number of the order, as A-4711") String orderId) {
    Order order = find(orderId);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", order.status());
    result.put("delivery", order.delivery());
    return result;
  }

  @Tool("Total price of an order in euros")
  public Map<String, Object> orderTotal(String orderId) {
    return Map.of("total", find(orderId).total());
  }

  @Tool("Orders of a customer")
  public Map<String, Object> ordersOf(String customerId) {
    List<String> found =
        orders.entrySet().stream()
            .filter(entry -> entry.getValue().customer().equalsIgnoreCase(customerId))
            .map(Map.Entry::getKey)
            .toList();
    if (found.isEmpty()) {
      throw new ToolException("customer not found");
    }
    return Map.of("orders", found);
  }

  @Tool("Pieces of an article in stock")
  public Map<String, Object> stockOf(String sku) {
    Integer pieces = stock.get(sku.strip().toUpperCase(Locale.ROOT));
    if (pieces == null) {
      throw new ToolException("article not found");
    }
    return Map.of("pieces", pieces);
  }

  @Tool("Shipping cost of a parcel by weight and country")
  public Map<String, Object> shippingCost(double weightKg, String country) {
    BigDecimal base = BASE_BY_COUNTRY.get(country.strip().toLowerCase(Locale.ROOT));
    if (base == null) {
      throw new ToolException("country not served");
    }
    return Map.of("cost", base.add(BigDecimal.valueOf(weightKg)).setScale(2, RoundingMode.HALF_UP));
  }

  @Tool("Convert an amount of money between currencies")
  public Map<String, Object> convertCurrency(double amount, Currency from, Currency to) {
    BigDecimal converted =
        BigDecimal.valueOf(amount)
            .multiply(perEuro.get(to))
            .divide(perEuro.get(from), 2, RoundingMode.HALF_UP);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("amount", converted);
    result.put("currency", to);
    return result;
  }

  @Tool("Refund an order")
  @Policy(approval = true)
  public Map<String, Object> refundOrder(String orderId) {
    Order order = find(orderId);
    orders.put(
        orderId.strip().toUpperCase(Locale.ROOT),
        new Order(order.customer(), order.article(), "refunded", order.delivery(), order.total()));
    return Map.of("refunded", order.total());
  }

  @Tool("Opening hours of the shop on a weekday")
  public Map<String, Object> openingHours(String weekday) {
    String day = weekday.strip().toLowerCase(Locale.ROOT);
    return Map.of("hours", HOURS_BY_DAY.getOrDefault(day, "9:00 to 18:30"));
  }

  @Tool("Add a note to an order")
  public Map<String, Object> addNote(String orderId, String note) {
    find(orderId);
    notes.put(orderId, note);
    return Map.of("saved", true);
  }
}
