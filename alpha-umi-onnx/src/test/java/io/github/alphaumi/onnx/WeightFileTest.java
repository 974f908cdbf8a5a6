package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.alphaumi.core.TextModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The copy of weights that need a change: made once, whole or not at all. */
class WeightFileTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path folder;
  private Path cache;

  @BeforeEach
  void write() {
    new TinyModel().write(folder.resolve("model"));
    cache = folder.resolve("some/cache");
  }

  private OnnxModel load(WeightFormat format, Path cacheDirectory) {
    return OnnxModel.builder(folder.resolve("model"))
        .format(format)
        .cacheDirectory(cacheDirectory)
        .build();
  }

  private String text(WeightFormat format) {
    try (OnnxModel model = load(format, cache)) {
      TextModel.Request request = TinyModels.drawn("Where", 1, "run").build();
      return model.complete(request).text();
    }
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(cache).filter(Files::isRegularFile)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "FP32", mode = EnumSource.Mode.EXCLUDE)
  void should_be_written_once_and_used_again(WeightFormat format) throws IOException {
    String text = text(format);
    Path file = onlyFile();
    byte[] bytes = Files.readAllBytes(file);
    Files.setLastModifiedTime(file, LONG_AGO);
    assertThat(text(format)).isEqualTo(text);
    assertThat(onlyFile()).isEqualTo(file).hasBinaryContent(bytes);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
  }

  @ParameterizedTest
  @EnumSource(names = "FP32", mode = EnumSource.Mode.EXCLUDE)
  void should_be_made_anew_when_it_was_truncated(WeightFormat format) throws IOException {
    String text = text(format);
    Path file = onlyFile();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(text(format)).isEqualTo(text);
    assertThat(onlyFile()).hasBinaryContent(bytes);
  }

  @Test
  void should_be_another_file_for_other_weights_and_for_another_format() throws IOException {
    text(WeightFormat.FP16);
    text(WeightFormat.INT8);
    new TinyModel(TinyTokenizer.SIZE, 18).write(folder.resolve("model"));
    text(WeightFormat.FP16);
    try (Stream<Path> files = Files.list(cache).filter(Files::isRegularFile)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void should_be_the_same_file_when_many_make_it_at_once() throws Exception {
    int count = 8;
    CountDownLatch start = new CountDownLatch(count);
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<Future<String>> texts = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        texts.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return text(WeightFormat.INT8);
                }));
      }
      String expected = text(WeightFormat.INT8);
      for (Future<String> text : texts) {
        assertThat(text.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(onlyFile()).isNotEmptyFile();
  }

  @Test
  void should_name_the_folder_and_the_remedy_when_the_cache_is_a_file() throws IOException {
    Path file = Files.writeString(folder.resolve("occupied"), "x");
    for (Path bad : List.of(file, file.resolve("below"))) {
      assertThatThrownBy(() -> load(WeightFormat.INT8, bad))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining(bad.toString())
          .hasMessageContaining("cannot be written")
          .hasMessageContaining("-Dalpha.umi.cache=FOLDER");
    }
    assertThat(OnnxModel.openNatives()).isZero();
  }

  @Test
  void should_name_the_folder_and_the_remedy_when_it_is_read_only() throws IOException {
    Files.createDirectories(cache);
    assumeTrue(cache.toFile().setReadOnly() && !Files.isWritable(cache), "writable all the same");
    assertThatThrownBy(() -> load(WeightFormat.INT8, cache))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(cache.toString())
        .hasMessageContaining("-Dalpha.umi.cache=FOLDER");
  }

  @Test
  void should_be_looked_for_where_the_system_property_says() {
    String before = System.getProperty("alpha.umi.cache");
    System.setProperty("alpha.umi.cache", cache.toString());
    try {
      assertThat(OnnxModel.defaultCacheDirectory()).isEqualTo(cache);
      OnnxModel.load(folder.resolve("model")).close();
      assertThat(cache).isNotEmptyDirectory();
    } finally {
      if (before == null) {
        System.clearProperty("alpha.umi.cache");
      } else {
        System.setProperty("alpha.umi.cache", before);
      }
    }
  }
}
