package io.github.alphaumi.lab.train;

/** Hears how a training goes, in the thread that runs it. */
interface TrainingListener {

  /** After each update of the weights. */
  void updated(TrainingStep step);

  /** After each evaluation. */
  void evaluated(Evaluation evaluation);
}
