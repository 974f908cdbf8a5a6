package io.github.alphaumi.lab;

import picocli.CommandLine.Command;

/** {@code umi evaluate}: how good role models are. */
@Command(
    name = "evaluate",
    description = "Measures role models on recorded runs, single turns and calls, and whole tasks.",
    subcommands = {
      StaticCommand.class,
      EvaluateRolesCommand.class,
      CallsCommand.class,
      TasksCommand.class
    },
    mixinStandardHelpOptions = true)
final class EvaluateCommand {}
