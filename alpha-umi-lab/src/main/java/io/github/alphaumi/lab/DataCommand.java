package io.github.alphaumi.lab;

import picocli.CommandLine.Command;

/** {@code umi data}: from recorded runs to what role models learn from. */
@Command(
    name = "data",
    description =
        "Prepares training data: published data sets, an agent's own runs, other trainers'"
            + " forms.",
    subcommands = {
      Stage1Command.class,
      Stage2Command.class,
      RolesCommand.class,
      TemplatesCommand.class,
      ToolAlpacaCommand.class,
      JournalCommand.class,
      TrajectoriesCommand.class,
      ChatCommand.class
    },
    mixinStandardHelpOptions = true)
final class DataCommand {}
