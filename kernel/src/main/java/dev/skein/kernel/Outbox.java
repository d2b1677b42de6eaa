package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Frame;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run has to say to its store and has not yet been taken along by a commit. Owned by the
/// run's lock.
final class Outbox {
  private final long run;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<Change> others = new ArrayList<>();
  private final List<Entry> watched = new ArrayList<>();
  private final List<Entry> drained = new ArrayList<>();
  private RunRow.@Nullable Progress progress;
  private boolean checkpointing;
  private int lastFrame;
  private long appended;

  Outbox(long run, int lastFrame) {
    this.run = run;
    this.lastFrame = lastFrame;
  }

  void add(Entry entry, boolean watch) {
    entries.add(
        EntryCodec.encode(
            entry, (hash, content) -> others.add(new Change.BlobSaved(hash, content))));
    if (entry instanceof Entry.CheckpointSaved) {
      checkpointing = true;
    }
    if (watch) {
      watched.add(entry);
    }
    appended++;
  }

  void add(Change change) {
    others.add(change);
    appended++;
  }

  void set(RunRow.Progress next) {
    progress = next;
    appended++;
  }

  /// How many things were ever added; a commit that drains makes all of them durable.
  long appended() {
    return appended;
  }

  int waiting() {
    return entries.size() + others.size();
  }

  /// Moves everything into one commit, the run's own row first, and returns the frame of a
  /// checkpoint in it, else 0.
  int drain(RunRow.Progress current, List<Change> commit) {
    commit.addAll(others);
    others.clear();
    drained.addAll(watched);
    watched.clear();
    int checkpointFrame = 0;
    if (!entries.isEmpty()) {
      lastFrame++;
      commit.add(new Change.FrameAppended(run, lastFrame, Frame.encode(run, lastFrame, entries)));
      entries.clear();
      if (checkpointing) {
        checkpointFrame = lastFrame;
      }
    }
    RunRow.Progress next = progress;
    if (next != null || checkpointFrame > 0) {
      RunRow.Progress base = next == null ? current : next;
      commit.add(new Change.RunProgressed(run, at(base, checkpointFrame)));
    }
    progress = null;
    checkpointing = false;
    return checkpointFrame;
  }

  /// The entries drained since this was last asked, if somebody watches.
  List<Entry> takeDrained() {
    if (drained.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(drained);
    drained.clear();
    return taken;
  }

  static RunRow.Progress at(RunRow.Progress base, int checkpointFrame) {
    return checkpointFrame == 0
        ? base
        : new RunRow.Progress(
            base.status(), base.endedAt(), base.wakeAt(), base.wake(), checkpointFrame);
  }
}
