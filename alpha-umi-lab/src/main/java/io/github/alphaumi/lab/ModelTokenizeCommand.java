package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Token ids of lines of text, or texts of lines of token ids. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description = {
      "Print the token ids of each line of standard input, parted by commas;",
      "with --decode, the text of each line of token ids."
    })
final class ModelTokenizeCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "A Hugging Face folder, a tokenizer.json or a .gguf file.")
  private Path model;

  @Option(
      names = "--decode",
      description = "Lines hold token ids, parted by commas or blanks; print their text.")
  private boolean decode;

  @Option(
      names = "--special",
      description = "Add the special tokens that the model wants around a text.")
  private boolean special;

  @Option(names = "--skip-special", description = "With --decode: leave out special tokens.")
  private boolean skipSpecial;

  @Option(
      names = "--json",
      description = "Print a JSON object for each line: ids and tokens, or text.")
  private boolean json;

  @Option(
      names = "--json-lines",
      description = "Each line is JSON: a text as a string, token ids as an array.")
  private boolean jsonLines;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        out.println(decode ? decoded(tokenizer, line, number) : encoded(tokenizer, line, number));
      }
    } catch (IOException e) {
      throw new AlphaUmiException("standard input cannot be read: " + e, e);
    } finally {
      out.flush();
    }
    return 0;
  }

  private String encoded(Tokenizer tokenizer, String line, int number) {
    String text = jsonLines ? string(line, number) : line;
    int[] ids = special ? tokenizer.encodeWithSpecialTokens(text) : tokenizer.encode(text);
    if (!json) {
      return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
    ObjectNode result = JSON.createObjectNode();
    ArrayNode numbers = result.putArray("ids");
    ArrayNode tokens = result.putArray("tokens");
    for (int id : ids) {
      numbers.add(id);
      tokens.add(tokenizer.decode(new int[] {id}));
    }
    return result.toString();
  }

  private String string(String line, int number) {
    JsonNode text = ModelFile.json("line " + number, line);
    if (!text.isTextual()) {
      throw new AlphaUmiException("line " + number + ": " + line + " is not a JSON string");
    }
    return text.textValue();
  }

  private String decoded(Tokenizer tokenizer, String line, int number) {
    int[] ids;
    try {
      ids = jsonLines ? array(line, number) : TokenIds.parse(line);
    } catch (NumberFormatException e) {
      throw new AlphaUmiException("line " + number + ": " + e.getMessage(), e);
    }
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.size()) {
        throw new AlphaUmiException(
            "line " + number + ": " + id + " is not in the vocabulary of " + tokenizer.size());
      }
    }
    String text = tokenizer.decode(ids, skipSpecial);
    return json ? JSON.createObjectNode().put("text", text).toString() : text;
  }

  private static int[] array(String line, int number) {
    JsonNode ids = ModelFile.json("line " + number, line);
    int[] numbers = new int[ids.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!ids.path(i).isInt()) {
        throw new AlphaUmiException("line " + number + ": " + line + " is no array of token ids");
      }
      numbers[i] = ids.path(i).intValue();
    }
    return numbers;
  }
}
