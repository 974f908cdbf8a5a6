package io.github.alphaumi.lab;

import picocli.CommandLine.Command;

/** {@code umi train}: role models from training data. */
@Command(
    name = "train",
    description = "Trains role models.",
    subcommands = {TrainExportCommand.class},
    mixinStandardHelpOptions = true)
final class TrainCommand {}
