package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashesTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
  private static final FileTime LATER = FileTime.fromMillis(1_000_000_001_000L);

  @TempDir Path folder;
  private Path file;
  private byte[] content;

  @BeforeEach
  void write() throws IOException {
    content = new byte[1 << 20];
    new Random(5).nextBytes(content);
    file = folder.resolve("weights.bin");
    write(content, LONG_AGO);
  }

  private void write(byte[] bytes, FileTime time) throws IOException {
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
  }

  private HashCode hash() throws IOException {
    return new ContentHashes(folder.resolve("cache")).of(file);
  }

  private List<Path> remembered() throws IOException {
    Path memory = folder.resolve("cache/hashes");
    if (!Files.exists(memory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(memory)) {
      return files.toList();
    }
  }

  @Test
  void should_take_a_hash_from_memory_while_the_file_stays_as_it_was() throws IOException {
    HashCode real = Hashing.sha256().hashBytes(content);
    assertThat(hash()).isEqualTo(real);
    Path memory = remembered().get(0);
    String other = Hashing.sha256().hashInt(1).toString();
    Files.writeString(memory, Files.readString(memory).replace(real.toString(), other));
    assertThat(hash()).as("as remembered").hasToString(other);
  }

  @Test
  void should_read_a_file_again_that_has_another_time_size_or_content() throws IOException {
    hash();
    content[content.length / 3] ^= 1;
    write(content, LATER);
    assertThat(hash()).as("time").isEqualTo(Hashing.sha256().hashBytes(content));
    content[0] ^= 1;
    write(content, LATER);
    assertThat(hash()).as("sampled content").isEqualTo(Hashing.sha256().hashBytes(content));
    content = new byte[10];
    write(content, LATER);
    assertThat(hash()).as("size").isEqualTo(Hashing.sha256().hashBytes(content));
  }

  @Test
  void should_not_remember_a_file_that_has_just_been_changed() throws IOException {
    write(content, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    hash();
    assertThat(remembered()).isEmpty();
  }

  @Test
  void should_read_the_file_where_what_is_remembered_is_damaged() throws IOException {
    hash();
    for (String damaged : new String[] {"", "\n", "x\ny\nz", "not hashes"}) {
      Files.writeString(remembered().get(0), damaged);
      assertThat(hash()).isEqualTo(Hashing.sha256().hashBytes(content));
    }
  }
}
