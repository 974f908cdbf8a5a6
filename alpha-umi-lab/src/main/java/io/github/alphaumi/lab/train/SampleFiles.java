package io.github.alphaumi.lab.train;

import io.github.alphaumi.core.PromptFormat;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How files of training data are opened and prompt formats are called. */
public interface SampleFiles {

  /**
   * @throws io.github.alphaumi.core.AlphaUmiException if there is none of that name
   */
  PromptFormat format(String name);

  /**
   * @param joined whether the turns of a single model are wanted, too
   * @param role whose samples are in it, where they are samples of one role
   * @throws io.github.alphaumi.core.AlphaUmiException if it is no such file
   */
  SampleFile open(Path file, PromptFormat format, boolean joined, @Nullable String role)
      throws IOException;
}
