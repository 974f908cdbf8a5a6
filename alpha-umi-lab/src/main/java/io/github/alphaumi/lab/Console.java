package io.github.alphaumi.lab;

import java.io.PrintWriter;

/**
 * Where a command prints.
 *
 * @param out results
 * @param err problems and progress
 * @param progress whether a progress bar is drawn
 */
record Console(PrintWriter out, PrintWriter err, boolean progress) {}
