package dev.skein.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What the machine does without Skein.
///
/// @param growingSyncMillis median of appending 4 KiB to a growing file and syncing it
/// @param allocatedSyncMillis the same within a file written before
/// @param recordsPerSecond records of 300 bytes made durable by one writer for 256 waiting threads
record Limits(double growingSyncMillis, double allocatedSyncMillis, double recordsPerSecond) {
  private static final int BLOCK = 4_096;
  private static final int RECORD = 300;
  private static final int WAITERS = 256;
  private static final int LOG_BYTES = 32 << 20;

  static Limits measure(Settings settings) throws IOException, InterruptedException {
    Files.createDirectories(settings.data());
    Path file = settings.folder("limits");
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      int syncs = settings.pick(2_000, 500);
      syncs(channel, syncs / 10); // the first ones pay for the file itself
      double growing = syncs(channel, syncs);
      fill(channel);
      double allocated = syncs(channel, syncs);
      double records = groupCommit(channel, TimeUnit.SECONDS.toNanos(settings.pick(5, 1)));
      return new Limits(growing, allocated, records);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  List<Figure.Line> lines() {
    return List.of(
        Figure.Line.note(
            "sync of 4 KiB, growing file, p50", Settings.text("%.2f ms", growingSyncMillis)),
        Figure.Line.note(
            "sync of 4 KiB, preallocated file, p50", Settings.text("%.2f ms", allocatedSyncMillis)),
        Figure.Line.note(
            "group commit of 300 bytes, 256 waiters",
            Settings.text("%,.0f records/s", recordsPerSecond)));
  }

  private static double syncs(FileChannel channel, int count) throws IOException {
    var block = ByteBuffer.allocateDirect(BLOCK);
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      channel.write(block.clear());
      channel.force(false);
      nanos[i] = System.nanoTime() - began;
    }
    Arrays.sort(nanos);
    return nanos[count / 2] / 1e6;
  }

  private static void fill(FileChannel channel) throws IOException {
    var zeros = ByteBuffer.allocateDirect(1 << 20);
    for (int at = 0; at < LOG_BYTES; at += zeros.capacity()) {
      channel.write(zeros.clear(), at);
    }
    channel.force(true);
    channel.position(0);
  }

  /// A thread that waits for its record. Its thread alone asks, the writer alone answers.
  private static final class Waiter {
    private final Thread thread;
    private volatile boolean durable;

    Waiter(Thread thread) {
      this.thread = thread;
    }

    void await() {
      while (!durable) {
        LockSupport.park(this);
      }
      durable = false;
    }

    void tell() {
      durable = true;
      LockSupport.unpark(thread);
    }
  }

  private static double groupCommit(FileChannel channel, long nanos)
      throws IOException, InterruptedException {
    var queue = new LinkedBlockingQueue<Waiter>();
    long end = System.nanoTime() + nanos;
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < WAITERS; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                var waiter = new Waiter(Thread.currentThread());
                while (System.nanoTime() < end) {
                  queue.add(waiter);
                  waiter.await();
                }
              }));
    }
    long written = write(channel, queue, end);
    for (Thread thread : threads) {
      while (!thread.join(java.time.Duration.ofMillis(10))) {
        queue.forEach(Waiter::tell);
        queue.clear();
      }
    }
    return written / (nanos / 1e9);
  }

  private static long write(FileChannel channel, LinkedBlockingQueue<Waiter> queue, long end)
      throws IOException, InterruptedException {
    var buffer = ByteBuffer.allocateDirect(WAITERS * RECORD);
    var batch = new ArrayList<Waiter>();
    long written = 0;
    long position = 0;
    while (System.nanoTime() < end) {
      batch.clear();
      batch.add(queue.take());
      queue.drainTo(batch, WAITERS - 1);
      position = position + buffer.capacity() > LOG_BYTES ? 0 : position;
      position += channel.write(buffer.clear().limit(batch.size() * RECORD), position);
      channel.force(false);
      batch.forEach(Waiter::tell);
      written += batch.size();
    }
    return written;
  }
}
