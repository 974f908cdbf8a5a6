package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

  @Test
  void should_cut_an_array_into_its_members() throws IOException {
    assertThat(records("[\n  {\"a\": [1, {\"b\": \"}\\\"]\"}]},\n  {\"c\": {}}\n]\n", false))
        .containsExactly("{\"a\": [1, {\"b\": \"}\\\"]\"}]}", "{\"c\": {}}");
  }

  @Test
  void should_read_values_that_follow_one_another() throws IOException {
    assertThat(records("{\"a\": 1}\n{\"b\": 2}{\"c\": 3}", false))
        .containsExactly("{\"a\": 1}", "{\"b\": 2}", "{\"c\": 3}");
  }

  @Test
  void should_pass_a_byte_order_mark_and_find_nothing_in_an_empty_file() throws IOException {
    assertThat(records("\ufeff[{\"a\": 1}]", false)).containsExactly("{\"a\": 1}");
    assertThat(records("", false)).isEmpty();
    assertThat(records(" [ ] ", false)).isEmpty();
  }

  @Test
  void should_go_on_after_a_record_with_a_bracket_too_few() throws IOException {
    assertThat(records("[{\"a\": [1, 2}, {\"b\": 2}]", false))
        .containsExactly("{\"a\": [1, 2}", "{\"b\": 2}");
  }

  @Test
  void should_go_on_after_a_string_without_an_end() throws IOException {
    assertThat(records("[{\"a\": \"x\n}, {\"b\": 2}]", false))
        .containsExactly("{\"a\": \"x\n}", "{\"b\": 2}");
  }

  @Test
  void should_take_each_line_for_itself_where_lines_are_records() throws IOException {
    assertThat(records("{\"a\": {\n{\"b\": 2}\n\n{\"c\": 3}", true))
        .containsExactly("{\"a\": {", "{\"b\": 2}", "{\"c\": 3}");
  }

  @Test
  void should_give_members_that_are_no_objects_one_by_one() throws IOException {
    assertThat(records("[1, \"a, ]\", null, {\"b\": 2}]", false))
        .containsExactly("1", "\"a, ]\"", "null", "{\"b\": 2}");
  }

  @Test
  void should_give_what_there_is_of_a_record_that_was_cut_off() throws IOException {
    assertThat(records("[{\"a\": 1}, {\"b\": [", false)).containsExactly("{\"a\": 1}", "{\"b\": [");
  }

  @Test
  void should_say_that_a_record_is_too_large_and_go_on() throws IOException {
    try (RecordReader reader =
        reader("[{\"a\": \"" + "x".repeat(10_000) + "\"}, {\"b\": 2}]", 100)) {
      RecordReader.Raw large = reader.next();
      assertThat(large).isNotNull();
      assertThat(large.tooLarge()).isTrue();
      assertThat(large.bytes()).hasSize(100);
      RecordReader.Raw next = reader.next();
      assertThat(next).isNotNull();
      assertThat(next.tooLarge()).isFalse();
    }
  }

  @Test
  void should_go_on_where_an_earlier_reader_was() throws IOException {
    String text = "[{\"a\": 1}, {\"b\": 2}, {\"c\": 3}]";
    long position;
    try (RecordReader reader = reader(text, 1000)) {
      reader.next();
      position = reader.position();
    }
    try (RecordReader reader = reader(text, 1000)) {
      reader.skip(position);
      assertThat(text(reader.next())).isEqualTo("{\"b\": 2}");
    }
  }

  @Test
  void should_take_a_file_of_another_form_as_one_record() throws IOException {
    String text = "0000 {\n]\n\u00e4 \"";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (RecordReader reader =
        new RecordReader(new ByteArrayInputStream(bytes), RecordReader.Form.FILE, 1 << 20)) {
      assertThat(text(reader.next())).isEqualTo(text);
      assertThat(reader.position()).isEqualTo(bytes.length);
      assertThat(reader.next()).isNull();
    }
    try (RecordReader reader =
        new RecordReader(new ByteArrayInputStream(bytes), RecordReader.Form.FILE, 4)) {
      assertThat(reader.next().tooLarge()).isTrue();
    }
  }

  private static RecordReader reader(String text, int limit) {
    return new RecordReader(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        RecordReader.Form.VALUE,
        limit);
  }

  private static List<String> records(String text, boolean lines) throws IOException {
    List<String> records = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    RecordReader.Form form = lines ? RecordReader.Form.LINE : RecordReader.Form.VALUE;
    try (RecordReader reader = new RecordReader(new ByteArrayInputStream(bytes), form, 1 << 20)) {
      for (RecordReader.Raw raw = reader.next(); raw != null; raw = reader.next()) {
        records.add(text(raw));
      }
    }
    return records;
  }

  private static String text(RecordReader.Raw raw) {
    return new String(raw.bytes(), StandardCharsets.UTF_8);
  }
}
