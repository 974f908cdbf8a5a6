package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import java.util.List;

/** The tools that the embedded model's truth was made with. */
final class Tools {
  static final JsonRawSchema DATE =
      JsonRawSchema.from("{\"type\": \"string\", \"format\": \"date\"}");

  static final ToolSpecification STOCK_PRICE =
      tool(
          "getStockPrice",
          "Get the latest price of a stock",
          JsonObjectSchema.builder().addStringProperty("ticker").required("ticker"));
  static final ToolSpecification BOOK_TRAIN =
      tool(
          "bookTrain",
          "Book a train ticket.",
          JsonObjectSchema.builder()
              .addStringProperty("origin")
              .addStringProperty("destination")
              .addProperty("date", DATE)
              .addBooleanProperty("firstClass")
              .required("origin", "destination", "date"));
  static final ToolSpecification SET_PRIORITY =
      tool(
          "setTicketPriority",
          "Change the priority of a ticket",
          JsonObjectSchema.builder()
              .addStringProperty("ticketId")
              .addEnumProperty("priority", List.of("low", "medium", "high"))
              .required("ticketId", "priority"));

  /** Tools of a shop. */
  static final List<ToolSpecification> SHOP =
      List.of(
          tool(
              "orderStatus",
              "Status and delivery date of an order",
              JsonObjectSchema.builder().addStringProperty("orderId").required("orderId")),
          tool(
              "stockOf",
              "Pieces of an article in stock",
              JsonObjectSchema.builder().addStringProperty("sku").required("sku")),
          tool(
              "refundOrder",
              "Refund an order",
              JsonObjectSchema.builder()
                  .addStringProperty("orderId")
                  .addNumberProperty("amount")
                  .required("orderId")),
          tool(
              "ordersOf",
              "Orders of a customer, newest first",
              JsonObjectSchema.builder()
                  .addStringProperty("customerId")
                  .addIntegerProperty("limit")
                  .required("customerId")),
          tool(
              "convertCurrency",
              "Convert an amount between currencies",
              JsonObjectSchema.builder()
                  .addNumberProperty("amount")
                  .addEnumProperty("from", List.of("EUR", "USD", "GBP", "CHF"))
                  .addEnumProperty("to", List.of("EUR", "USD", "GBP", "CHF"))
                  .required("amount", "from", "to")));

  /** Tools of its branches. */
  static final List<ToolSpecification> BRANCHES =
      List.of(
          tool(
              "openingHours",
              "Opening hours of a branch on a date",
              JsonObjectSchema.builder()
                  .addStringProperty("branch")
                  .addProperty("day", DATE)
                  .required("branch", "day")),
          tool(
              "shippingCost",
              "Shipping cost of a parcel",
              JsonObjectSchema.builder()
                  .addNumberProperty("weightKg")
                  .addStringProperty("country")
                  .required("weightKg", "country")),
          tool(
              "addNote",
              "Add a note to a customer",
              JsonObjectSchema.builder()
                  .addStringProperty("customerId")
                  .addStringProperty("text")
                  .required("customerId", "text")));

  private Tools() {}

  static ToolSpecification tool(String name, String description, JsonObjectSchema.Builder schema) {
    return ToolSpecification.builder()
        .name(name)
        .description(description)
        .parameters(schema.build())
        .build();
  }
}
