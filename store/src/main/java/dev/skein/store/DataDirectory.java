package dev.skein.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of a store on this machine. While it is held no other process can hold it; the lock
/// goes with the process, however that ends.
final class DataDirectory implements AutoCloseable {
  private static final String LOCK_FILE = "skein.lock";
  private static final int LONGEST_PID = 32;

  private final FileChannel channel;

  private DataDirectory(FileChannel channel) {
    this.channel = channel;
  }

  static Path storeFile(Path directory) {
    return directory.resolve("skein.db");
  }

  /// @throws StoreException `IN_USE` if another process holds it
  static DataDirectory hold(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel = FileChannel.open(directory.resolve(LOCK_FILE), CREATE, READ, WRITE);
      if (!locked(channel)) {
        throw inUse(directory, channel);
      }
      channel.truncate(0);
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.write(ByteBuffer.wrap(pid), 0);
      return new DataDirectory(channel);
    } catch (IOException e) {
      throw new StoreException(
          Code.UNREADABLE, "cannot write to the data directory " + directory + ": " + reason(e), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  private static StoreException inUse(Path directory, FileChannel channel) {
    String holder = "another Skein process";
    try (channel) {
      var pid = ByteBuffer.allocate(LONGEST_PID);
      int size = channel.read(pid, 0);
      if (size > 0) {
        holder += " (process " + new String(pid.array(), 0, size, StandardCharsets.UTF_8) + ")";
      }
    } catch (IOException e) {
      holder += " (" + reason(e) + ")";
    }
    return new StoreException(
        Code.IN_USE,
        "the data directory %s is in use by %s; stop it, or choose another directory"
            .formatted(directory, holder));
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException(Code.FAILED, "cannot let go of the data directory", e);
    }
  }
}
