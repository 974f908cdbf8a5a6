package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can be seen only of a whole JVM: natives that cannot be loaded, its end amid inference, and
 * two of them in one cache folder. {@code -Dalpha.umi.terminations=100} ends more of them.
 */
class ForkedJvmTest {
  private static final int TERMINATIONS = Integer.getInteger("alpha.umi.terminations", 4);

  @TempDir Path folder;
  private Path model;
  private Path cache;

  @BeforeEach
  void write() {
    model = new TinyModel().write(folder.resolve("model"));
    cache = folder.resolve("cache");
  }

  private ForkedJvm start(List<String> options, Object... more) throws IOException {
    List<?> arguments = Stream.concat(Stream.of(model, cache), Stream.of(more)).toList();
    return ForkedJvm.start(folder, List.of(), options, ForkedModel.class, arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "garbage"})
  void should_say_which_artifacts_to_take_when_onnx_runtime_cannot_be_loaded(String kind)
      throws Exception {
    Path natives = Files.createDirectories(folder.resolve("natives"));
    if (kind.equals("garbage")) {
      for (String name : List.of("onnxruntime", "onnxruntime4j_jni")) {
        Files.writeString(natives.resolve(System.mapLibraryName(name)), "no library");
      }
    }
    String place = kind.equals("absent") ? natives.resolve("nowhere").toString() : "" + natives;
    ForkedJvm jvm =
        start(
            List.of(
                "-Donnxruntime.native.path=" + place,
                "-Donnxruntime.native.onnxruntime.path=" + natives.resolve("no.so"),
                "-Donnxruntime.native.onnxruntime4j_jni.path=" + natives.resolve("no.so")));
    String output = jvm.output();
    assertThat(output)
        .contains("AlphaUmiException ONNX Runtime cannot be loaded on")
        .contains("com.microsoft.onnxruntime:onnxruntime")
        .contains("onnxruntime_gpu")
        .doesNotContain("\tat ");
    assertThat(jvm.exitCode()).as(output).isZero();
  }

  @Test
  void should_say_what_must_be_writable_when_the_tokenizers_cannot_be_unpacked() throws Exception {
    Path occupied = Files.writeString(folder.resolve("occupied"), "x");
    ForkedJvm jvm = start(List.of("-DDJL_CACHE_DIR=" + occupied));
    String output = jvm.output();
    assertThat(output)
        .contains("AlphaUmiException the native tokenizers library cannot be loaded")
        .contains("DJL_CACHE_DIR")
        .doesNotContain("Exception in thread");
    assertThat(jvm.exitCode()).as(output).isZero();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_leave_no_partial_file_when_there_is_no_room_for_the_weights() throws Exception {
    List<String> smallFilesOnly = List.of("sh", "-c", "ulimit -f 8 && exec \"$0\" \"$@\"");
    List<String> options = List.of("-XX:-UsePerfData");
    ForkedJvm jvm =
        ForkedJvm.start(folder, smallFilesOnly, options, ForkedModel.class, List.of(model, cache));
    String output = jvm.output();
    assertThat(output)
        .contains("ModelFileException " + cache)
        .contains("free disk space or choose another cache folder with -Dalpha.umi.cache=FOLDER");
    assertThat(jvm.exitCode()).as(output).isZero();
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_end_at_once_and_without_a_crash_when_terminated_amid_inference() throws Exception {
    for (int i = 0; i < TERMINATIONS; i++) {
      ForkedJvm jvm = start(List.of("-XX:ErrorFile=" + folder.resolve("hs_err.log")), "forever");
      jvm.awaitLine(ForkedModel.WRITING);
      jvm.terminate();
      String output = jvm.output();
      assertThat(jvm.exitCode()).as(output).isEqualTo(143);
      assertThat(output).doesNotContain("SIGSEGV", "terminate called");
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model", "cache");
    }
  }

  @Test
  void should_share_a_cache_folder_between_jvms_that_start_at_once() throws Exception {
    ForkedJvm one = start(List.of());
    ForkedJvm two = start(List.of());
    String text = text(one.output());
    assertThat(text(two.output())).isEqualTo(text).isNotBlank();
    assertThat(one.exitCode()).isZero();
    assertThat(two.exitCode()).isZero();
    try (Stream<Path> files = Files.list(cache).filter(Files::isRegularFile)) {
      assertThat(files).as("one file of weights, whole").hasSize(1);
    }
  }

  private static String text(String output) {
    return output.lines().filter(line -> !line.contains(" INFO ")).toList().toString();
  }
}
