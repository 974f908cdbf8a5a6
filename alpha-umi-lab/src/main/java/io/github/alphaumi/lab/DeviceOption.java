package io.github.alphaumi.lab;

import io.github.alphaumi.onnx.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** On what all models of a command compute, those of JVMs that it starts among them. */
final class DeviceOption {
  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto, cpu, cuda or cuda:N: the first GPU if there is one that works (auto).")
  void device(@Nullable String name) {
    if (name == null) {
      return;
    }
    try {
      System.setProperty(Device.PROPERTY, Device.parse(name).toString());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--" + e.getMessage());
    }
  }
}
