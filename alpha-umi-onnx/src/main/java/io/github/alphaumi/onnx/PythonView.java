package io.github.alphaumi.onnx;

import java.util.List;

/**
 * What {@code dict.keys()}, {@code values()} and {@code items()} give: countable and iterable, but
 * not a list, so that it can be neither indexed nor written as JSON.
 *
 * @param type Python's name of the type, such as {@code dict_items}
 */
record PythonView(String type, List<Object> elements) {}
