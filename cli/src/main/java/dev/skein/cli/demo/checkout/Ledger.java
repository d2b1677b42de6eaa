package dev.skein.cli.demo.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// An append-only file of JSON lines. An entry that was appended survives any crash; a line that a
/// crash tore was never acknowledged, and is cut off when the file is opened again.
///
/// Not safe for several threads; the service's lock guards it. The file is locked against a second
/// process.
final class Ledger implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;
  private final FileChannel channel;
  private final List<LedgerEntry> replayed;
  private @Nullable IOException broken;

  private Ledger(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.replayed = replay();
  }

  /// Opens the ledger, or begins a new one.
  static Ledger open(Path file) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        lock(file, channel);
        if (directory != null) {
          syncDirectory(directory);
        }
        return new Ledger(file, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The ledger " + file + " can't be opened", e);
    }
  }

  /// What stood in the file when it was opened, oldest first.
  List<LedgerEntry> replayed() {
    return replayed;
  }

  /// Returns when the entry is on disk.
  void append(LedgerEntry entry) {
    if (broken != null) {
      throw new UncheckedIOException("The ledger " + file + " failed before; restart", broken);
    }
    try {
      ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(entry) + "\n").getBytes(UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(false);
    } catch (IOException e) {
      // half a line may stand there; only a restart knows how to cut it off
      broken = e;
      throw new UncheckedIOException("The ledger " + file + " can't be written", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<LedgerEntry> replay() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<LedgerEntry> entries = new ArrayList<>();
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == '\n') {
        entries.add(parsed(Arrays.copyOfRange(bytes, start, end), entries.size() + 1));
        start = end + 1;
      }
    }
    if (start < bytes.length) {
      channel.truncate(start);
      channel.force(true);
    }
    channel.position(start);
    return List.copyOf(entries);
  }

  private LedgerEntry parsed(byte[] line, int number) throws IOException {
    try {
      return JSON.readValue(line, LedgerEntry.class);
    } catch (JacksonException e) {
      throw new IOException(
          "Line " + number + " of " + file + " is damaged; mend the file or begin a new one", e);
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw new IOException("Another process has the ledger " + file + " open");
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("This process has the ledger " + file + " open already", e);
    }
  }

  /// A new file is only safe when its name is.
  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }
}
