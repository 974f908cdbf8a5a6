package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters over whole sequences. */
final class JinjaSequenceFilters {
  static final Map<String, JinjaFilter> FILTERS =
      Map.ofEntries(
          Map.entry("list", (r, v, a) -> new ArrayList<>(r.elements(v))),
          Map.entry("first", JinjaSequenceFilters::first),
          Map.entry("last", JinjaSequenceFilters::last),
          Map.entry("join", JinjaSequenceFilters::join),
          Map.entry("sum", JinjaSequenceFilters::sum),
          Map.entry("min", (r, v, a) -> extreme("min", -1, r, v, a)),
          Map.entry("max", (r, v, a) -> extreme("max", 1, r, v, a)),
          Map.entry("sort", JinjaSequenceFilters::sort),
          Map.entry("unique", JinjaSequenceFilters::unique),
          Map.entry("reverse", JinjaSequenceFilters::reverse),
          Map.entry("batch", JinjaSequenceFilters::batch),
          Map.entry("slice", JinjaSequenceFilters::slice),
          Map.entry("groupby", JinjaSequenceFilters::groupBy),
          Map.entry("items", JinjaSequenceFilters::items),
          Map.entry("dictsort", JinjaSequenceFilters::dictSort));

  private JinjaSequenceFilters() {}

  private static Object first(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    Iterator<Object> elements = runtime.iterate(value);
    return elements.hasNext()
        ? elements.next()
        : new JinjaUndefined("No first item, sequence was empty.");
  }

  private static Object last(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    refuseGenerator(value);
    List<Object> elements = runtime.elements(value);
    return elements.isEmpty()
        ? new JinjaUndefined("No last item, sequence was empty.")
        : elements.get(elements.size() - 1);
  }

  private static void refuseGenerator(Object value) {
    if (value instanceof PythonGenerator) {
      throw new JinjaFault("'generator' object is not reversible; put '|list' before");
    }
  }

  private static Object join(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("join", 0, "d", "attribute");
    JinjaAttributePath path = new JinjaAttributePath(runtime, bound.or(1, PythonNone.NONE));
    String between = runtime.text().str(bound.or(0, ""));
    BoundedText out = new BoundedText(runtime.budget());
    String separator = "";
    for (Object element : runtime.elements(value)) {
      out.append(separator).append(runtime.text().str(path.of(element)));
      separator = between;
    }
    return out.toString();
  }

  private static Object sum(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("sum", 0, "attribute", "start");
    JinjaAttributePath path = new JinjaAttributePath(runtime, bound.or(0, PythonNone.NONE));
    Object sum = bound.or(1, 0L);
    for (Object element : runtime.elements(value)) {
      sum = runtime.operators().binary("+", sum, path.of(element));
    }
    return sum;
  }

  private static Object extreme(
      String name, int sign, JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind(name, 0, "case_sensitive", "attribute");
    Comparator<Object> order = order(runtime, bound.or(1, PythonNone.NONE), bound.truth(0, false));
    Iterator<Object> elements = runtime.iterate(value);
    if (!elements.hasNext()) {
      return new JinjaUndefined("No aggregated item, sequence was empty.");
    }
    Object best = elements.next();
    while (elements.hasNext()) {
      Object candidate = elements.next();
      best = Integer.signum(order.compare(candidate, best)) == sign ? candidate : best;
    }
    return best;
  }

  /** The order by one attribute or by several with commas between, ignoring case unless told. */
  private static Comparator<Object> order(
      JinjaRuntime runtime, Object attributes, boolean caseSensitive) {
    List<JinjaAttributePath> paths = new ArrayList<>();
    if (attributes instanceof String names) {
      for (String name : PythonStrings.split(names, ",", -1)) {
        paths.add(new JinjaAttributePath(runtime, PythonStrings.strip(name)));
      }
    } else {
      paths.add(new JinjaAttributePath(runtime, attributes));
    }
    return (left, right) -> {
      for (JinjaAttributePath path : paths) {
        Object a = folded(path.of(left), caseSensitive);
        int order = runtime.operators().order().compare(a, folded(path.of(right), caseSensitive));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  private static Object folded(Object value, boolean caseSensitive) {
    return !caseSensitive && value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
  }

  private static Object sort(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound =
        arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    List<Object> sorted = new ArrayList<>(runtime.elements(value));
    Comparator<Object> order = order(runtime, bound.or(2, PythonNone.NONE), bound.truth(1, false));
    sorted.sort(bound.truth(0, false) ? order.reversed() : order);
    return sorted;
  }

  private static Object unique(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
    JinjaAttributePath path = new JinjaAttributePath(runtime, bound.or(1, PythonNone.NONE));
    Map<Object, Object> seen = new LinkedHashMap<>();
    for (Object element : runtime.elements(value)) {
      Object key = folded(path.of(element), bound.truth(0, false));
      if (!PythonDicts.isHashable(key) || PythonDicts.find(seen, key) == null) {
        PythonDicts.put(seen, key, element);
      }
    }
    return PythonGenerator.of(runtime.budget(), seen.values().iterator());
  }

  private static Object reverse(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    if (value instanceof String text) {
      return PythonStrings.reverse(text);
    }
    List<Object> reversed = new ArrayList<>(runtime.elements(value));
    Collections.reverse(reversed);
    return value instanceof PythonGenerator
        ? reversed
        : PythonGenerator.of(runtime.budget(), reversed.iterator());
  }

  private static Object batch(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("batch", 1, "linecount", "fill_with");
    int size = bound.integer(0, 0);
    if (size < 1) {
      throw new JinjaFault("batch() needs a positive size, not " + size);
    }
    List<Object> elements = runtime.elements(value);
    List<Object> batches = new ArrayList<>();
    for (int from = 0; from < elements.size(); from += size) {
      List<Object> batch =
          new ArrayList<>(elements.subList(from, Math.min(elements.size(), from + size)));
      if (bound.or(1, PythonNone.NONE) != PythonNone.NONE) {
        runtime.budget().elements(size - batch.size());
        while (batch.size() < size) {
          batch.add(bound.get(1));
        }
      }
      batches.add(batch);
    }
    return PythonGenerator.of(runtime.budget(), batches.iterator());
  }

  private static Object slice(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("slice", 1, "slices", "fill_with");
    int count = bound.integer(0, 0);
    List<Object> elements = runtime.elements(value);
    if (count < 1) {
      throw new JinjaFault("slice() needs a positive number of slices, not " + count);
    }
    runtime.budget().elements(count);
    List<Object> slices = new ArrayList<>();
    int each = elements.size() / count;
    int larger = elements.size() % count;
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + each + (i < larger ? 1 : 0);
      List<Object> slice = new ArrayList<>(elements.subList(from, to));
      if (bound.or(1, PythonNone.NONE) != PythonNone.NONE && i >= larger) {
        slice.add(bound.get(1));
      }
      slices.add(slice);
      from = to;
    }
    return PythonGenerator.of(runtime.budget(), slices.iterator());
  }

  private static Object groupBy(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound =
        arguments.bind("groupby", 1, "attribute", "default", "case_sensitive");
    JinjaAttributePath path = new JinjaAttributePath(runtime, bound.get(0));
    boolean caseSensitive = bound.truth(2, false);
    List<PythonTuple> keyed = new ArrayList<>();
    for (Object element : runtime.elements(value)) {
      Object key = path.of(element);
      keyed.add(PythonTuple.of(key instanceof JinjaUndefined ? bound.or(1, key) : key, element));
    }
    Comparator<Object> order = runtime.operators().order();
    keyed.sort(
        (a, b) -> order.compare(folded(a.get(0), caseSensitive), folded(b.get(0), caseSensitive)));
    List<Object> groups = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= keyed.size(); i++) {
      Object key = folded(keyed.get(from).get(0), caseSensitive);
      if (i < keyed.size()
          && runtime.operators().equal(key, folded(keyed.get(i).get(0), caseSensitive))) {
        continue;
      }
      List<Object> members = new ArrayList<>();
      keyed.subList(from, i).forEach(pair -> members.add(pair.get(1)));
      groups.add(PythonTuple.of(keyed.get(from).get(0), members).named("grouper", "list"));
      from = i;
    }
    return groups;
  }

  private static Object items(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    if (value instanceof JinjaUndefined) {
      return PythonGenerator.of(runtime.budget(), List.of().iterator());
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaFault("Can only get item pairs from a mapping.");
    }
    List<Object> pairs = runtime.items(PythonValues.dict(map)).elements();
    return PythonGenerator.of(runtime.budget(), pairs.iterator());
  }

  private static Object dictSort(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    int part =
        switch (bound.text(1, "key")) {
          case "key" -> 0;
          case "value" -> 1;
          default -> throw new JinjaFault("You can only sort by either \"key\" or \"value\"");
        };
    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaFault("dictsort() needs a mapping, not " + PythonValues.type(value));
    }
    List<Object> pairs = new ArrayList<>(runtime.items(PythonValues.dict(map)).elements());
    Comparator<Object> order = order(runtime, (long) part, bound.truth(0, false));
    pairs.sort(bound.truth(2, false) ? order.reversed() : order);
    return pairs;
  }
}
