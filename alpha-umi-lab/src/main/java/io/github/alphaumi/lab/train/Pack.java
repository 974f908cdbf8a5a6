package io.github.alphaumi.lab.train;

import java.util.List;

/**
 * One sequence for the network: a shared beginning, such as the documents of tools, and branches
 * behind it, such as the trajectories that use these tools. A token sees the shared beginning and
 * what precedes it in its own branch, so that one pass gives the gradients of all branches.
 *
 * @param tokens token ids, {@code [length]}
 * @param positions place of each token in its conversation, {@code [length]}: a branch goes on
 *     where the shared beginning ends
 * @param branches {@code [length]}: 0 for the shared beginning, which comes first, then 1, 2, … for
 *     the branches, each contiguous
 * @param turns what is to be learnt; other tokens are only read
 */
record Pack(int[] tokens, int[] positions, int[] branches, List<Turn> turns) {

  /**
   * A turn that a role writes. Its first token is predicted from the token before it, so it is
   * never the first of a branch.
   *
   * @param role {@code planner}, {@code caller}, {@code summarizer}
   * @param from index of its first token
   * @param to index after its last token, the end-of-turn token included
   * @param decisive tokens of it, from its first, that decide what happens: of a plan up to the end
   *     of the tool's name or of the decision, of a call up to the end of the tool's name
   * @param weight of the loss of each of its tokens
   */
  record Turn(String role, int from, int to, int decisive, float weight) {}

  int length() {
    return tokens.length;
  }
}
