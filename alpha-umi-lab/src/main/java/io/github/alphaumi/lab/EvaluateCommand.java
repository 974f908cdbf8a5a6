package io.github.alphaumi.lab;

import picocli.CommandLine.Command;

/** {@code umi evaluate}: how good role models are. */
@Command(
    name = "evaluate",
    description = "Measures role models on recorded runs and on single calls.",
    subcommands = {StaticCommand.class, CallsCommand.class},
    mixinStandardHelpOptions = true)
final class EvaluateCommand {}
