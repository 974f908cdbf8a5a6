package io.github.alphaumi.lab;

import picocli.CommandLine.Command;

/** {@code umi train}: from data to role models. */
@Command(
    name = "train",
    description = "Trains role models.",
    subcommands = {TrainGlpftCommand.class, TrainAverageCommand.class, TrainExportCommand.class},
    mixinStandardHelpOptions = true)
final class TrainCommand {}
