package io.github.alphaumi.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a command counted, read and skipped so far; survives in its checkpoint. */
final class Tally {
  private static final int LISTED = 100;

  /** Names and numbers that the work counts. */
  public Map<String, Long> counts = new TreeMap<>();

  /** The first records that were skipped, with file, index and reason. */
  public List<String> skips = new ArrayList<>();

  public long skipped;
  public long files;
  public long bytes;

  /** Hash over the names and hashes of all files, in the order of reading. */
  public String filesHash = "";

  public Map<String, String> fileHashes = new LinkedHashMap<>();

  void count(String name) {
    counts.merge(name, 1L, Long::sum);
  }

  void skip(String problem) {
    skipped++;
    if (skips.size() < LISTED) {
      skips.add(problem);
    }
  }

  void read(String file, long size, String sha256) {
    files++;
    bytes += size;
    filesHash = Hashes.of(filesHash + file + "\0" + sha256);
    if (fileHashes.size() < LISTED) {
      fileHashes.put(file, sha256);
    }
  }

  /** The part of a manifest that this fills; many files are told by one hash. */
  Map<String, Object> report() {
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("files", files);
    inputs.put("bytes", bytes);
    inputs.put("sha256OfNamesAndHashes", filesHash);
    if (files <= LISTED) {
      inputs.put("sha256", fileHashes);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("inputs", inputs);
    report.put("counts", counts);
    report.put("skipped", skipped);
    report.put("firstSkips", skips);
    return report;
  }
}
