package io.github.alphaumi.tools;

import com.google.common.collect.Lists;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Finds tools by the likeness of their embeddings to a text's, all of them compared. */
final class MeaningIndex implements ToolIndex {
  private static final int BATCH = 64;

  private final EmbeddingModel model;
  private final List<float[]> tools = new ArrayList<>();

  MeaningIndex(List<ToolSpecification> tools, EmbeddingModel model) {
    this.model = model;
    List<TextSegment> texts =
        tools.stream().map(tool -> TextSegment.from(ToolIndex.document(tool))).toList();
    for (List<TextSegment> batch : Lists.partition(texts, BATCH)) {
      for (Embedding embedding : model.embedAll(batch).content()) {
        this.tools.add(unit(embedding));
      }
    }
  }

  private static float[] unit(Embedding embedding) {
    Embedding copy = new Embedding(embedding.vector().clone());
    copy.normalize();
    return copy.vector();
  }

  private record Hit(int tool, float likeness) {}

  @Override
  public List<Integer> search(String text, int limit) {
    float[] query = unit(model.embed(text).content());
    PriorityQueue<Hit> best =
        new PriorityQueue<>((a, b) -> Float.compare(a.likeness(), b.likeness()));
    IntStream.range(0, tools.size())
        .forEach(
            tool -> {
              best.add(new Hit(tool, product(query, tools.get(tool))));
              if (best.size() > limit) {
                best.remove();
              }
            });
    List<Integer> found = new ArrayList<>();
    while (!best.isEmpty()) {
      found.add(best.remove().tool());
    }
    return Lists.reverse(found);
  }

  private static float product(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
