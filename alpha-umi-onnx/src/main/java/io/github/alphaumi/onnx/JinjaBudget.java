package io.github.alphaumi.onnx;

/**
 * What one rendering may use. Templates come with checkpoints from strangers, so every resource
 * that a template can ask for has a bound, far above what chat templates need: a 100,000 token
 * prompt uses well under a hundredth of each.
 *
 * <p>Not thread-safe: one per rendering.
 */
final class JinjaBudget {
  /** Characters of template source; the longest template in the field has about 30,000. */
  static final int MAX_SOURCE_CHARS = 1 << 20;

  /** Nested brackets, conditions and blocks in the source; bounds the parser's own stack. */
  static final int MAX_SYNTAX_NESTING = 64;

  /**
   * Nested evaluations, macro calls and containers while rendering; bounds our stack to well under
   * 512 KiB. One macro call takes about eight, so recursion over a JSON schema may go some fifty
   * levels deep.
   */
  static final int MAX_DEPTH = 400;

  /** Elements of one {@code range(...)}; the number that Jinja2's sandbox uses. */
  static final int MAX_RANGE = 100_000;

  /** Characters of one text, the rendered prompt included. */
  static final int MAX_TEXT_CHARS = 16 << 20;

  /** Characters and weighted elements created over the whole rendering, garbage included. */
  static final long MAX_ALLOCATED = 128L << 20;

  /** Units of work: characters looked at, and {@link #STEP} for each node evaluated. */
  static final long MAX_WORK = 400_000_000;

  /** Bits of one integer; its decimal form stays near Python's own limit of 4300 digits. */
  static final int MAX_INTEGER_BITS = 14_000;

  private static final int STEP = 10;

  /** An element of a list costs a reference and usually an object: several characters' worth. */
  private static final int ELEMENT = 8;

  private int depth;
  private long work;
  private long allocated;

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new JinjaFault("nesting or recursion deeper than " + MAX_DEPTH + " levels");
    }
    step();
  }

  void leave() {
    depth--;
  }

  void step() {
    work(STEP);
  }

  void work(long units) {
    work += units;
    if (work > MAX_WORK) {
      throw new JinjaFault("rendering takes more than " + MAX_WORK + " units of work");
    }
  }

  /** Accounts for text of this length; to be called before the text is made. */
  void text(long chars) {
    if (chars > MAX_TEXT_CHARS) {
      throw new JinjaFault("a text would be longer than " + MAX_TEXT_CHARS + " characters");
    }
    allocate(chars);
  }

  /** Accounts for a list or dict of this many elements; to be called before it is made. */
  void elements(long count) {
    allocate(count > MAX_ALLOCATED ? count : count * ELEMENT);
  }

  private void allocate(long units) {
    work(units);
    allocated += units;
    if (allocated > MAX_ALLOCATED) {
      throw new JinjaFault(
          "rendering creates more than " + MAX_ALLOCATED + " characters and elements");
    }
  }
}
