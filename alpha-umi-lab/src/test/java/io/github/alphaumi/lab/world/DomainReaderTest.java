package io.github.alphaumi.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DomainReaderTest {

  @Test
  void should_read_what_a_file_describes() {
    Domain domain = DomainReader.read("harbour", Harbour.lines());

    assertThat(domain.title()).isEqualTo("Ships and berths of a harbour");
    assertThat(domain.tools())
        .extracting(WorldTool::name)
        .containsExactly("find berth", "clear berth", "load ship");
    WorldTool find = domain.tools().get(0);
    assertThat(find.names()).containsExactly("find berth", "look up berth");
    assertThat(find.effect()).isEqualTo(Effect.READ_ONLY);
    assertThat(find.hints()).hasSize(3);
    assertThat(find.references().get(0).result().kind().id()).isEqualTo("harbour/berth");
    assertThat(domain.tools().get(1).optional().get(0).clauses().get(0))
        .hasToString("with three blasts of the horn");
    assertThat(domain.alike()).containsExactly(domain.tools().subList(0, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1  | domain port: Ships | domain 'port' is not the file's name, call it harbour",
        "3  | kind cargo: list grain, salt | a list of 2, list at least 6",
        "3  | kind city: list a, b, c, d, e, f | 'city' is a kind of the world, choose another name",
        "3  | kind cargo: grain | 'grain' defines nothing, write list",
        "4  | entity berth: list a, b, c, d, e, f | entity 'berth' has no code, write entity",
        "5  | `  known as the berth` | no place for it, put {} where it stands",
        "9  | `  does Find the berth of a ship.` | a description ends with a full stop, leave it",
        "10 | `  effect look` | effect 'look', write read, set or act",
        "11 | `  arg ship: vessel` | unknown kind 'vessel', define it above",
        "11 | `  arg ship: company?` | optional argument 'ship' has no clause, write ?",
        "12 | `  out berth: berth?` | result 'berth' is optional, leave out the question mark",
        "14 | `  ask where is it` | a request has [], name exactly the required arguments [ship]",
        "14 | `  ask where is {ship}?` | a request ends with a mark, leave it out",
        "14 | `    ask where is {ship}` | indented by 4, indent by two blanks or not at all",
        "14 | `  query where is {ship}` | unknown word 'query', begin with does",
        "29 | `  say {ship} lies at {quay}.` | an answer has {quay}, name a result",
        "32 | `  ref the berth of {ship} = quay` | stands for no result, write ref PHRASE = RESULT",
        "85 | same find berth, sink ship | 'sink ship' is no tool of this file, name one of"
      })
  void should_name_line_fault_and_remedy(int line, String text, String problem) {
    List<String> lines = new ArrayList<>(Harbour.lines());
    lines.set(line - 1, text);

    assertThatThrownBy(() -> DomainReader.read("harbour", lines))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("harbour.txt:" + line + ": ")
        .hasMessageContaining(problem);
  }

  @Test
  void should_report_what_a_tool_lacks() {
    List<String> lines = new ArrayList<>(Harbour.lines());
    lines.removeIf(line -> line.startsWith("  ask") || line.contains("{fee}"));

    assertThatThrownBy(() -> DomainReader.read("harbour", lines))
        .hasMessageContaining("tool 'find/look up berth' has 0 ask, write at least 12")
        .hasMessageContaining("tool 'load ship' has 0 ask!, write at least 3")
        .hasMessageContaining("tool 'clear/free berth' lacks out, say or fail, add them")
        .hasMessageContaining("tool 'clear/free berth' never says {fee}, add a say line");
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_read_every_file_of_the_world(Split split) {
    assertThat(ToolWorld.domains(split)).hasSizeGreaterThan(10);
  }

  @Test
  void should_keep_what_models_are_tested_on_from_what_they_learn() {
    assertThat(ToolWorld.overlaps()).isEmpty();
  }

  @Test
  void should_find_what_two_parts_share() {
    Domain domain = DomainReader.read("harbour", Harbour.lines());

    assertThat(Overlaps.between(List.of(domain), List.of(domain)))
        .anyMatch(line -> line.startsWith("tool name 'look up berth' is in held-out/harbour.txt"))
        .anyMatch(line -> line.startsWith("argument name 'tons'"))
        .anyMatch(line -> line.startsWith("request 'tell me where {} is moored'"))
        .noneMatch(line -> line.startsWith("request 'look for {}'"));
  }
}
