package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.*;
import io.github.alphaumi.core.*;
import java.nio.file.*;
import java.util.*;

class Scratch2 {
  public static void main(String[] a) throws Exception {
    Path shared = Path.of("/work/shared");
    long t0 = System.nanoTime();
    try (OnnxModel m =
        OnnxModel.builder(shared.resolve("models/SmolLM2-135M-Instruct.Q4_1.gguf"))
            .format(WeightFormat.valueOf(a[0]))
            .cacheDirectory(Path.of("/work/tmp/cache"))
            .adapter("all", shared.resolve("models/interim-adapter"))
            .build()) {
      System.out.printf("load %d ms%n", (System.nanoTime() - t0) / 1000000);
      TextModel tm = m.adapter("all");
      int ok = 0, n = 0;
      for (JsonNode c :
          new ObjectMapper()
              .readTree(shared.resolve("models/interim-adapter/expected.json").toFile())) {
        TextResponse r =
            tm.complete(
                TextRequest.builder(Prompt.of(c.get("prompt").asText()))
                    .affinity(new TextRequest.Affinity("x", Role.PLANNER))
                    .build());
        boolean e = r.text().equals(c.get("text").asText());
        n++;
        if (e) ok++;
        else System.out.println("EXP " + c.get("text") + "\nGOT " + r.text());
        System.out.println(r.use() + " " + r.finish());
      }
      System.out.println(ok + "/" + n);
    }
    System.out.println("open " + OnnxModel.openNatives());
  }
}
