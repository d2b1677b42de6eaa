package dev.skein.kernel.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Reads the entries of a frame.
public final class EntryReader {
  private EntryReader() {}

  /// Every entry, decoded.
  ///
  /// @throws JournalException if the frame is damaged
  public static List<Entry> all(long run, int sequence, Payload frame, Blobs blobs) {
    var entries = new ArrayList<Entry>();
    for (byte[] bytes : Frame.decode(run, sequence, frame)) {
      entries.add(EntryCodec.decode(bytes, blobs));
    }
    return entries;
  }

  /// Every entry that replay needs, decoded, to `entries`; of those that are only for looking at
  /// the key alone, to `tasks`.
  ///
  /// @throws JournalException if the frame is damaged
  public static void forReplay(
      long run,
      int sequence,
      Payload frame,
      Blobs blobs,
      Consumer<Entry> entries,
      TaskMarks tasks) {
    for (byte[] bytes : Frame.decode(run, sequence, frame)) {
      var mark = EntryCodec.taskMark(bytes);
      if (mark == null) {
        entries.accept(EntryCodec.decode(bytes, blobs));
      } else {
        tasks.accept(mark.key(), mark.at(), mark.ended());
      }
    }
  }

  /// Takes the keys of tasks that began or ended.
  @FunctionalInterface
  public interface TaskMarks {
    void accept(StepKey key, Instant at, boolean ended);
  }
}
