package io.github.alphaumi.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.Resources;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedFilesTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path cache;

  private Path unpack() {
    return new UnpackedFiles(cache).verified();
  }

  /** Every file that the list in the jar names, and no other, with the content it names. */
  private static void check(Path folder) throws IOException {
    List<String> expected =
        Resources.readLines(
            Resources.getResource(UnpackedFiles.class, "files.sha256"), StandardCharsets.UTF_8);
    List<String> actual = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        actual.add(MoreFiles.asByteSource(file).hash(Hashing.sha256()) + "  " + name);
      }
    }
    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void should_put_altered_truncated_and_missing_files_right_and_leave_the_others()
      throws Exception {
    Path folder = unpack();
    check(folder);
    Path gguf = folder.resolve("SmolLM2-135M-Instruct.Q4_1.gguf");
    Path adapter = folder.resolve("adapter/adapter_model.safetensors");
    Path config = folder.resolve("adapter/adapter_config.json");
    Files.setLastModifiedTime(adapter, LONG_AGO);
    try (FileChannel channel = FileChannel.open(gguf, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
    Files.delete(config);
    assertThat(unpack()).isEqualTo(folder);
    check(folder);
    assertThat(Files.getLastModifiedTime(adapter)).isEqualTo(LONG_AGO);
    byte[] bytes = Files.readAllBytes(config);
    bytes[bytes.length / 2] ^= 1;
    Files.write(config, bytes);
    unpack();
    check(folder);
  }

  @Test
  void should_put_a_file_right_that_was_altered_after_it_was_found_right() throws IOException {
    Path folder = unpack();
    Path config = folder.resolve("adapter/adapter_config.json");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, LONG_AGO);
      }
    }
    unpack();
    assertThat(cache.resolve(folder.getFileName() + ".verified")).exists();
    byte[] bytes = Files.readAllBytes(config);
    bytes[bytes.length / 2] ^= 1;
    Files.write(config, bytes);
    unpack();
    check(folder);
  }

  @Test
  void should_unpack_once_for_all_when_threads_and_jvms_begin_at_once() throws Exception {
    List<Process> processes = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2; i++) {
        processes.add(fork());
      }
      List<Future<Path>> folders =
          List.of(threads.submit(this::unpack), threads.submit(this::unpack));
      Path folder = folders.get(0).get();
      assertThat(folders.get(1).get()).isEqualTo(folder);
      for (Process process : processes) {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo(folder.toString());
      }
      check(folder);
    } finally {
      threads.shutdown();
      processes.forEach(Process::destroy);
    }
  }

  private Process fork() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ForkedUnpacking.class.getName(),
            cache.toString())
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void should_name_the_file_and_the_remedy_when_the_folder_cannot_be_written() throws IOException {
    Path occupied = Files.writeString(cache.resolve("occupied"), "x");
    assertThatThrownBy(() -> EmbeddedModel.load(occupied))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("the embedded model cannot be unpacked to " + occupied)
        .hasMessageContaining("disk space")
        .hasMessageContaining("-Dalpha.umi.cache=FOLDER");
    assertThat(occupied).hasContent("x");
  }
}
