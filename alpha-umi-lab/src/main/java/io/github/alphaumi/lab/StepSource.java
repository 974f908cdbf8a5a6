package io.github.alphaumi.lab;

import java.io.Serializable;

/** Makes a command's step, in this process or in another one. */
@FunctionalInterface
interface StepSource extends Serializable {
  RecordStep open();
}
