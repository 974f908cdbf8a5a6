package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.*;
import java.nio.file.*;
import java.util.*;

class Scratch {
  public static void main(String[] a) throws Exception {
    Path shared = Path.of("/work/shared");
    long t0 = System.nanoTime();
    WeightFormat f = WeightFormat.valueOf(a[0]);
    boolean lora = a.length > 1 && a[1].contains("lora");
    Checkpoint c = Checkpoint.open(shared.resolve("models/SmolLM2-135M-Instruct.Q4_1.gguf"));
    long t1 = System.nanoTime();
    WeightLayout l = new WeightLayout(c.config(), f);
    Path w = WeightFile.of(c, l, Path.of("/work/tmp/cache"));
    long t2 = System.nanoTime();
    byte[] g = DecoderGraph.write(c, l, w.getFileName().toString(), 2048, lora);
    Decoder d = new Decoder(c.config(), g, w.getParent(), 2);
    long t3 = System.nanoTime();
    LoraAdapter ad =
        lora && !a[1].contains("none")
            ? LoraAdapter.load(shared.resolve("models/interim-adapter"), l)
            : null;
    long t4 = System.nanoTime();
    System.out.printf(
        "open %d ms, weights %d ms, session %d ms, adapter %d ms%n",
        (t1 - t0) / 1000000, (t2 - t1) / 1000000, (t3 - t2) / 1000000, (t4 - t3) / 1000000);
    JsonNode e =
        new ObjectMapper().readTree(shared.resolve("fixtures/smollm2/expected.json").toFile());
    if (a.length > 2) { // quality
      long eq = 0, n = 0, lead = 0;
      double maxd = 0;
      for (JsonNode p : e.get("prompts")) {
        int[] ids = EngineParityTest.ints(p.get("ids"));
        KvCache k = new KvCache(c.config(), 2048);
        var lg = d.run(ids, 0, k, null);
        for (JsonNode t : p.get("top20"))
          maxd = Math.max(maxd, Math.abs(lg.get(t.get(0).asInt()) - t.get(1).asDouble()));
        int past = ids.length;
        for (JsonNode t : p.get("greedy")) {
          n++;
          if (EngineParityTest.argmax(lg) == t.asInt()) eq++;
          lg = d.run(new int[] {t.asInt()}, past++, k, null);
        }
        k.close();
      }
      System.out.printf("greedy teacher-forced %d/%d, max top20 logit diff %.4f%n", eq, n, maxd);
      Tokenizer tk = c.tokenizer().get();
      int[] all = tk.encode(Files.readString(shared.resolve("fixtures/smollm2/text.txt")));
      double s = 0;
      int m = 0;
      KvCache k = new KvCache(c.config(), 2048);
      for (int i = 0; i < all.length; i += 512) {
        int[] win = Arrays.copyOfRange(all, i, Math.min(all.length, i + 512));
        float[][] o = d.runAll(win, k, null);
        for (int j = 1; j < win.length; j++) {
          s -= EngineParityTest.logProbability(o[j - 1], win[j]);
          m++;
        }
      }
      System.out.printf("nll %.5f over %d (expected %s)%n", s / m, m, e.get("nll").get("mean_nll"));
    }
    int[] ids = new int[512];
    for (int i = 0; i < 512; i++) ids[i] = (i * 7919 + 13) % 49000;
    var ro = ad == null ? null : ad.runOptions();
    for (int rep = 0; rep < 4; rep++) {
      KvCache k = new KvCache(c.config(), 2048);
      long s0 = System.nanoTime();
      d.run(ids, 0, k, ro);
      long s1 = System.nanoTime();
      for (int i = 0; i < 64; i++) d.run(new int[] {i + 100}, 512 + i, k, ro);
      long s2 = System.nanoTime();
      long s3 = System.nanoTime();
      for (int i = 0; i < 16; i++) d.run(new int[] {1, 2, 3, 4}, 512, k, ro);
      long s4 = System.nanoTime();
      System.out.printf(
          "prefill %.0f tok/s, decode %.1f tok/s, chunk4 %.1f ms%n",
          512e9 / (s1 - s0), 64e9 / (s2 - s1), (s4 - s3) / 16e6);
      k.close();
    }
  }
}
