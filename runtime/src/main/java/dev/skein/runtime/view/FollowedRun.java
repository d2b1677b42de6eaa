package dev.skein.runtime.view;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryReader;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One run, read on and on as its journal grows. Owned by one thread.
public final class FollowedRun {
  private static final int FRAMES_A_READ = 100;

  private final Store store;
  private final long number;
  private RunRow row;
  private int frame;
  private int entry;

  /// Something at a place of the journal.
  ///
  /// @param happening null for what only replay needs
  public record Placed(String place, Entry entry, @Nullable Happening happening) {}

  /// What a part of the journal says to people.
  ///
  /// @param atEnd whether that was all there is by now
  /// @param ended whether there will be no more, unless the run is retried
  public record Log(List<LogLine> lines, boolean atEnd, boolean ended) {}

  public FollowedRun(Store store, RunRow row, @Nullable String from) {
    this.store = store;
    this.number = row.number();
    this.row = row;
    this.frame = 1;
    if (from != null) {
      go(from);
    }
  }

  private void go(String from) {
    String[] parts = from.split("\\.", -1);
    if (parts.length != 2 || !from.matches("\\d{1,9}\\.\\d{1,9}")) {
      throw new IllegalArgumentException("'" + from + "' is no place in a journal");
    }
    frame = Math.max(1, Integer.parseInt(parts[0]));
    entry = Integer.parseInt(parts[1]);
  }

  /// How far the journal was read.
  public String place() {
    return frame + "." + entry;
  }

  /// As it was when the journal was read last, or later.
  public RunRow row() {
    return row;
  }

  /// What the journal has from here on; empty at its end.
  ///
  /// @param limit how much at the most
  /// @throws dev.skein.kernel.journal.JournalException if it is damaged
  public List<Placed> more(int limit) {
    RunRow now = store.run(number); // first: what is read then is not older
    row = now == null ? row : now;
    var found = new ArrayList<Placed>();
    List<Payload> frames;
    do { // frames may have been read already, or have nothing left
      frames = store.frames(number, frame, Math.min(limit, FRAMES_A_READ));
      for (int i = 0; i < frames.size() && found.size() < limit; i++) {
        read(frames.get(i), limit, found);
      }
    } while (!frames.isEmpty() && found.size() < limit);
    return found;
  }

  /// The same, as lines for people.
  public Log log(int limit) {
    List<Placed> more = more(limit);
    List<LogLine> lines =
        more.stream().map(one -> LogLine.of(one.entry())).filter(Objects::nonNull).toList();
    boolean atEnd = more.size() < limit;
    return new Log(lines, atEnd, atEnd && row.status().ended());
  }

  private void read(Payload bytes, int limit, List<Placed> found) {
    List<Entry> entries = EntryReader.all(number, frame, bytes, store);
    while (entry < entries.size() && found.size() < limit) {
      Entry one = entries.get(entry);
      entry++;
      found.add(new Placed(place(), one, Happening.of(one)));
    }
    if (entry >= entries.size() && found.size() < limit) {
      frame++;
      entry = 0;
    }
  }
}
