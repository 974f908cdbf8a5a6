package io.github.alphaumi.core;

import java.util.regex.Pattern;

/**
 * Control tokens of chat formats in texts that others wrote. A message's text should be just text
 * to a server, but many hand it to their tokenizer as it is, and then a tool's result could end its
 * turn and begin the system's. Where prompts are raw, {@link Prompt} keeps such texts apart.
 */
final class ControlTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "<(?=\\|[^|<>\\s]{1,40}+\\||\uff5c|/?s>|(?:bos|eos|pad|unk|start_of_turn|end_of_turn)>)"
              + "|\\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS)])"
              + "|<(?=</?SYS>>)|<(?=/SYS>>)");

  private ControlTokens() {}

  /** The text with a space in each control token, which makes it an ordinary word. */
  static String defused(String text) {
    return text.indexOf('<') < 0 && text.indexOf('[') < 0
        ? text
        : TOKEN.matcher(text).replaceAll("$0 ");
  }
}
