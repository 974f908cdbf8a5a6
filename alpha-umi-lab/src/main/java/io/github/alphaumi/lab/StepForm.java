package io.github.alphaumi.lab;

/** How a step is written down: by three roles, or by a single model that plays them all. */
enum StepForm {
  ROLES {
    @Override
    PublishedStep published(String text) {
      return PublishedStep.read(text);
    }

    @Override
    JoinedStep joined(String text) {
      return JoinedStep.read(text);
    }
  },
  BACKBONE {
    @Override
    PublishedStep published(String text) {
      return PublishedStep.readBackbone(text);
    }

    @Override
    JoinedStep joined(String text) {
      return JoinedStep.readBackbone(text);
    }
  };

  /** As the published scorer reads it. */
  abstract PublishedStep published(String text);

  /** As a live run would read it. */
  abstract JoinedStep joined(String text);
}
