package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens pages in a browser. */
class RunPageTest {
  @TempDir Path folder;

  private static List<String> texts(HtmlPage page, String selector) {
    return page.querySelectorAll(selector).stream().map(DomNode::getTextContent).toList();
  }

  private static List<String> shown(HtmlPage page) {
    return page.querySelectorAll(".nodes > li").stream()
        .map(DomElement.class::cast)
        .filter(item -> !item.hasAttribute("hidden"))
        .map(DomElement::getId)
        .toList();
  }

  @Test
  void should_show_every_node_with_what_was_said_there() throws IOException {
    try (Browser browser = new Browser()) {
      HtmlPage page = browser.open(Reports.searched().toHtml(), folder);

      assertThat(browser.errors()).isEmpty();
      assertThat(page.getTitleText()).isEqualTo("Where is my order A-4711?");
      assertThat(page.getElementById("stop-reason").getTextContent()).isEqualTo("ANSWERED");
      assertThat(page.getElementById("answer").getTextContent()).isEqualTo("It was shipped.");
      assertThat(shown(page))
          .containsExactly("node-1", "node-2", "node-3", "node-3-agent-0-1", "node-4");
      assertThat(texts(page, "#node-3 > details > .inside > pre"))
          .containsExactly(
              "try with the letter Next: caller.",
              "orderStatus {\"orderId\": \"A-4711\"}",
              "shipped");
      assertThat(texts(page, "#node-3 .prompt pre"))
          .containsExactly("Tools:\n- orderStatus", "try with the letter Next: caller.");
      assertThat(texts(page, "#node-1 .badge")).containsExactly("failed", "open");
      assertThat(texts(page, ".map text")).containsExactly("•", "1", "2", "3", "4");
      assertThat(texts(page, ".facts dd"))
          .containsExactly(
              "480.0 ms ", "5 ", "2 ", "100 of 600 in prompts", "500 ", "45 ", "0 ", "4 ");
    }
  }

  @Test
  void should_filter_open_and_close_nodes_with_keys() throws IOException {
    try (Browser browser = new Browser()) {
      HtmlPage page = browser.open(Reports.searched().toHtml(), folder);

      page.getBody().type('e');
      assertThat(page.querySelectorAll("details.node[open]")).hasSize(5);
      page.getBody().type('c');
      assertThat(page.querySelectorAll("details.node[open]")).isEmpty();

      page.getBody().type('p');
      assertThat(shown(page)).containsExactly("node-3", "node-3-agent-0-1", "node-4");
      page.getBody().type('p');

      page.getBody().type('j');
      assertThat(page.getFocusedElement().getParentNode().getParentNode())
          .isSameAs(page.getElementById("node-1"));
      ((HtmlElement) page.getFocusedElement()).type('j');
      assertThat(page.getFocusedElement().getParentNode().getParentNode())
          .isSameAs(page.getElementById("node-2"));

      HtmlInput filter = (HtmlInput) page.getElementById("filter");
      filter.type("no such order");
      assertThat(shown(page)).containsExactly("node-2");
      assertThat(page.getElementById("count").getTextContent()).isEqualTo("1 of 5");

      page.getElementById("theme").click();
      String theme = page.getDocumentElement().getAttribute("data-theme");
      page.getElementById("theme").click();
      assertThat(List.of(theme, page.getDocumentElement().getAttribute("data-theme")))
          .containsExactlyInAnyOrder("dark", "light");
      assertThat(browser.errors()).isEmpty();
    }
  }

  @Test
  void should_open_the_node_that_the_picture_links_to() throws IOException {
    try (Browser browser = new Browser()) {
      HtmlPage page = browser.open(Reports.searched().toHtml(), folder);

      page.executeJavaScript("location.hash = '#node-2'");
      page.getWebClient().waitForBackgroundJavaScript(1_000);

      assertThat(texts(page, "details[open] > .inside > pre"))
          .containsExactly("there is no such order Next: give up.");
      assertThat(browser.errors()).isEmpty();
    }
  }

  @Test
  void should_show_hostile_text_as_text() throws IOException {
    try (Browser browser = new Browser()) {
      String harmless =
          Reports.of("x").call(0, "x", "x", java.util.Map.of(), "x").report().toHtml();
      HtmlPage page = browser.open(Reports.hostile().toHtml(), folder);

      assertThat(browser.errors()).isEmpty();
      page.getBody().type('e');
      assertThat(page.executeJavaScript("String(window.broken)").getJavaScriptResult())
          .isEqualTo("undefined");
      assertThat(page.querySelectorAll("script")).hasSize(1);
      assertThat(page.querySelectorAll("style")).hasSize(1);
      assertThat(page.querySelectorAll("img, base, link, #forged, [onfocus], [onmouseover]"))
          .isEmpty();
      assertThat(page.querySelectorAll("meta").size())
          .isEqualTo(browser.open(harmless, folder).querySelectorAll("meta").size());
    }
  }

  @Test
  void should_show_hostile_text_unchanged_but_for_what_is_invisible() throws IOException {
    try (Browser browser = new Browser()) {
      HtmlPage page = browser.open(Reports.hostile().toHtml(), folder);

      List<String> plans = texts(page, "details > .inside > h3 + pre");
      for (String text : Reports.HOSTILE) {
        if (text.codePoints().noneMatch(Html::isHidden)) {
          assertThat(plans).contains(text + " Next: caller.");
        }
      }
      assertThat(plans)
          .contains(
              "refund ⟦U+202E⟧tpiecer a⟦U+202C⟧ of ⟦U+2066⟧isolated⟦U+2069⟧ ⟦U+200F⟧right"
                  + " ⟦U+FEFF⟧mark Next: caller.",
              "lone ⟦U+D83D⟧ surrogate ⟦U+DE00⟧ and a whole \uD83D\uDE00, joined"
                  + " \u0915\u094D\u200D\u0937 Next: caller.");
    }
  }

  @Test
  void should_need_nothing_but_itself() {
    String html = Reports.searched().toHtml();

    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContainPattern(Pattern.compile("<(link|img|iframe|object|embed|base|form)\\b"))
        .doesNotContainPattern(Pattern.compile("\\b(src|action|srcset)\\s*="))
        .doesNotContainPattern(
            Pattern.compile("url\\(|@import|https?://(?!www\\.w3\\.org/2000/svg)"));
  }

  @Test
  void should_lay_out_a_search_deeper_than_any_stack() {
    Reports reports = Reports.of("deep");
    for (int i = 0; i < 10_000; i++) {
      reports.giveUp(Math.max(0, 2 * i - 1), "left").giveUp(Math.max(0, 2 * i - 1), "right");
    }

    assertThat(reports.report().toHtml()).contains("id=\"node-20000\"");
  }
}
