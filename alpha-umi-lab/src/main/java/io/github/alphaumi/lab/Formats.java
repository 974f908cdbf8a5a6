package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PromptFormat;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prompt formats by the name a user gives. */
final class Formats {
  static final String DESCRIPTION =
      "prompt format: alpha-umi (the default), compact, or a file laid out as those";

  private Formats() {}

  static PromptFormat of(String name) {
    return switch (name) {
      case "alpha-umi" -> PromptFormat.alphaUmi();
      case "compact" -> PromptFormat.compact();
      default -> {
        Path file = Path.of(name);
        if (!Files.exists(file)) {
          throw new AlphaUmiException(
              "prompt format '" + name + "' is neither alpha-umi nor compact nor a file");
        }
        yield PromptFormat.load(file);
      }
    };
  }
}
