package io.github.alphaumi.lab;

import picocli.CommandLine.Command;

/** Looks into models and lets them write. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Look into a model and let it write.",
    subcommands = {
      ModelInspectCommand.class,
      ModelGenerateCommand.class,
      ModelTokenizeCommand.class,
      ModelRenderCommand.class,
      ModelPerplexityCommand.class,
      ModelQuantizeCommand.class
    })
final class ModelCommand {}
