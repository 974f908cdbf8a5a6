package io.github.alphaumi.lab.train;

/**
 * What a network is trained on and measured by.
 *
 * @param training what it learns, in this order
 * @param held what it never learns
 * @param heldCount evaluation is on {@code held} from 0 to this, exclusive; 0: no evaluation
 * @param identity says which data these are, such as a hash of files, seeds and counts; a training
 *     goes on only on data of the same identity
 */
record TrainingData(Packs training, Packs held, int heldCount, String identity) {

  TrainingData {
    if (heldCount < 0) {
      throw new IllegalArgumentException("heldCount is " + heldCount + "; it is 0 or more");
    }
  }
}
