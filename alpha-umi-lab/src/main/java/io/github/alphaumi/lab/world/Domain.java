package io.github.alphaumi.lab.world;

import java.util.List;

/**
 * What one file describes.
 *
 * @param alike groups of tools that are easily mistaken for each other
 */
record Domain(String name, String title, List<WorldTool> tools, List<List<WorldTool>> alike) {}
