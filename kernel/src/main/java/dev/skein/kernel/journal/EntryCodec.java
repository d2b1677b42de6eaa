package dev.skein.kernel.journal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Encodes an [Entry] as: kind (1 byte), version (1 byte), fields in the order of the record. An
/// entry once written is read for ever: a changed shape gets the next version, the old branch of
/// the reader stays, and golden files guard both.
public final class EntryCodec {
  /// Payloads above this many bytes lie aside, under the hash of their content.
  public static final int LARGEST_INLINE_PAYLOAD = 256 * 1024;

  private static final int VERSION = 1;

  private EntryCodec() {}

  /// @param aside takes each payload that is too large for the journal, with its hash
  public static byte[] encode(Entry entry, BiConsumer<String, Payload> aside) {
    var out = new Bytes.Writer();
    out.u8(kind(entry));
    out.u8(VERSION);
    out.instant(entry.at());
    switch (entry) {
      case Entry.RunStarted e -> {
        workflow(out, e.workflow());
        payload(out, e.input(), aside);
      }
      case Entry.RunEnded e -> {
        out.u8(e.status().code());
        optionalPayload(out, e.output(), aside);
        optionalFailure(out, e.failure(), aside);
      }
      case Entry.ControlRequested e -> {
        out.u8(e.control().code());
        out.string(e.reason());
      }
      case Entry.StepStarted e -> key(out, e.key());
      case Entry.StepCompleted e -> {
        key(out, e.key());
        out.varint(e.attempts());
        out.instant(e.startedAt());
        payload(out, e.output(), aside);
      }
      case Entry.StepFailed e -> {
        key(out, e.key());
        out.varint(e.attempts());
        out.instant(e.startedAt());
        failure(out, e.failure(), aside);
      }
      case Entry.AttemptFailed e -> {
        key(out, e.key());
        out.varint(e.attempt());
        failure(out, e.failure(), aside);
        out.instant(e.nextAt());
      }
      case Entry.TimerSet e -> {
        key(out, e.key());
        out.instant(e.due());
      }
      case Entry.TimerFired e -> key(out, e.key());
      case Entry.EventTaken e -> {
        key(out, e.key());
        out.varint(e.event());
        payload(out, e.payload(), aside);
      }
      case Entry.ChildStarted e -> {
        key(out, e.key());
        out.varint(e.child());
      }
      case Entry.ScopeClosed e -> {
        key(out, e.key());
        out.u8(e.closing().code());
        out.varint(e.branch());
      }
      case Entry.CheckpointSaved e -> {
        out.varint(e.ordinal());
        out.varint(e.counters().size());
        e.counters()
            .forEach((name, count) -> {
              out.string(name);
              out.varint(count);
            });
        payload(out, e.state(), aside);
      }
      case Entry.TaskStarted e -> {
        key(out, e.key());
        payload(out, e.input(), aside);
      }
      case Entry.TaskEnded e -> {
        key(out, e.key());
        out.instant(e.startedAt());
        out.u8(e.status().code());
        optionalPayload(out, e.input(), aside);
        optionalPayload(out, e.output(), aside);
        optionalFailure(out, e.failure(), aside);
      }
      case Entry.RunReopened e -> {
        out.string(e.reason());
        keys(out, e.units());
        keys(out, e.tasks());
      }
      case Entry.RunForked e -> {
        out.string(e.from());
        key(out, e.task());
        payload(out, e.output(), aside);
        out.string(e.reason());
      }
      case Entry.RunMoved e -> {
        workflow(out, e.from());
        workflow(out, e.to());
        out.string(e.reason());
      }
    }
    return out.toBytes();
  }

  /// @throws JournalException if the bytes are no entry this version knows
  public static Entry decode(byte[] bytes, Blobs blobs) {
    var in = new Bytes.Reader(bytes, 0);
    int kind = in.u8();
    int version = in.u8();
    if (version != VERSION) {
      throw new JournalException(
          "journal entry of kind %d has version %d, which this Skein does not know; a newer Skein wrote it"
              .formatted(kind, version));
    }
    Instant at = in.instant();
    return switch (kind) {
      case 1 -> new Entry.RunStarted(at, workflow(in), payload(in, blobs));
      case 2 ->
          new Entry.RunEnded(
              at, RunStatus.of(in.u8()), optionalPayload(in, blobs), optionalFailure(in, blobs));
      case 3 -> new Entry.ControlRequested(at, pick(Entry.Control.values(), in.u8()), in.string());
      case 4 -> new Entry.StepStarted(at, key(in));
      case 5 -> new Entry.StepCompleted(at, key(in), in.count(), in.instant(), payload(in, blobs));
      case 6 -> new Entry.StepFailed(at, key(in), in.count(), in.instant(), failure(in, blobs));
      case 7 -> new Entry.AttemptFailed(at, key(in), in.count(), failure(in, blobs), in.instant());
      case 8 -> new Entry.TimerSet(at, key(in), in.instant());
      case 9 -> new Entry.TimerFired(at, key(in));
      case 10 -> new Entry.EventTaken(at, key(in), in.varint(), payload(in, blobs));
      case 11 ->
          new Entry.ScopeClosed(at, key(in), pick(Entry.Closing.values(), in.u8()), in.count());
      case 12 -> new Entry.CheckpointSaved(at, in.varint(), counters(in), payload(in, blobs));
      case 13 -> new Entry.TaskStarted(at, key(in), payload(in, blobs));
      case 14 ->
          new Entry.TaskEnded(
              at,
              key(in),
              in.instant(),
              pick(Entry.TaskStatus.values(), in.u8()),
              optionalPayload(in, blobs),
              optionalPayload(in, blobs),
              optionalFailure(in, blobs));
      case 15 -> new Entry.ChildStarted(at, key(in), in.varint());
      case 16 -> new Entry.RunReopened(at, in.string(), keys(in), keys(in));
      case 17 -> new Entry.RunForked(at, in.string(), key(in), payload(in, blobs), in.string());
      case 18 -> new Entry.RunMoved(at, workflow(in), workflow(in), in.string());
      default -> throw new JournalException("journal entry of unknown kind " + kind);
    };
  }

  /// The key of an entry that is only for looking at, without decoding what it carries; null for
  /// any other entry.
  static @Nullable TaskMark taskMark(byte[] bytes) {
    var in = new Bytes.Reader(bytes, 0);
    int kind = in.u8();
    if (kind != 13 && kind != 14) {
      return null;
    }
    in.skip(1);
    Instant at = in.instant();
    return new TaskMark(key(in), at, kind == 14);
  }

  record TaskMark(StepKey key, Instant at, boolean ended) {}

  /// SHA-256, hexadecimal.
  public static String hash(Payload payload) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload.bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static int kind(Entry entry) {
    return switch (entry) {
      case Entry.RunStarted _ -> 1;
      case Entry.RunEnded _ -> 2;
      case Entry.ControlRequested _ -> 3;
      case Entry.StepStarted _ -> 4;
      case Entry.StepCompleted _ -> 5;
      case Entry.StepFailed _ -> 6;
      case Entry.AttemptFailed _ -> 7;
      case Entry.TimerSet _ -> 8;
      case Entry.TimerFired _ -> 9;
      case Entry.EventTaken _ -> 10;
      case Entry.ScopeClosed _ -> 11;
      case Entry.CheckpointSaved _ -> 12;
      case Entry.TaskStarted _ -> 13;
      case Entry.TaskEnded _ -> 14;
      case Entry.ChildStarted _ -> 15;
      case Entry.RunReopened _ -> 16;
      case Entry.RunForked _ -> 17;
      case Entry.RunMoved _ -> 18;
    };
  }

  private static <T extends Entry.Coded> T pick(T[] values, int code) {
    for (T value : values) {
      if (value.code() == code) {
        return value;
      }
    }
    throw new JournalException("unknown value " + code + " in a journal entry");
  }

  private static void key(Bytes.Writer out, StepKey key) {
    out.string(key.scope());
    out.string(key.name());
    out.varint(key.occurrence());
  }

  private static StepKey key(Bytes.Reader in) {
    return new StepKey(in.string(), in.string(), in.count());
  }

  private static void keys(Bytes.Writer out, List<StepKey> keys) {
    out.varint(keys.size());
    keys.forEach(key -> key(out, key));
  }

  private static List<StepKey> keys(Bytes.Reader in) {
    int size = in.count();
    var keys = new ArrayList<StepKey>();
    for (int i = 0; i < size; i++) {
      keys.add(key(in));
    }
    return keys;
  }

  private static void workflow(Bytes.Writer out, WorkflowRef workflow) {
    out.string(workflow.namespace());
    out.string(workflow.name());
    out.string(workflow.version());
  }

  private static WorkflowRef workflow(Bytes.Reader in) {
    return new WorkflowRef(in.string(), in.string(), in.string());
  }

  private static void payload(
      Bytes.Writer out, Payload payload, BiConsumer<String, Payload> aside) {
    if (payload.size() <= LARGEST_INLINE_PAYLOAD) {
      out.varint((long) payload.size() << 1);
      out.raw(payload.bytes());
    } else {
      String hash = hash(payload);
      aside.accept(hash, payload);
      out.varint(((long) payload.size() << 1) | 1);
      out.raw(HexFormat.of().parseHex(hash));
    }
  }

  private static Payload payload(Bytes.Reader in, Blobs blobs) {
    long coded = in.varint();
    if ((coded & 1) == 1) {
      return blobs.read(HexFormat.of().formatHex(in.raw(32)));
    }
    long size = coded >>> 1;
    if (size > LARGEST_INLINE_PAYLOAD) {
      throw new JournalException("a payload in the journal claims " + size + " bytes");
    }
    return Payload.of(in.raw((int) size));
  }

  private static void optionalPayload(
      Bytes.Writer out, @Nullable Payload payload, BiConsumer<String, Payload> aside) {
    out.u8(payload == null ? 0 : 1);
    if (payload != null) {
      payload(out, payload, aside);
    }
  }

  private static @Nullable Payload optionalPayload(Bytes.Reader in, Blobs blobs) {
    return in.u8() == 0 ? null : payload(in, blobs);
  }

  private static void failure(
      Bytes.Writer out, Failure failure, BiConsumer<String, Payload> aside) {
    out.string(failure.type());
    out.string(failure.message());
    payload(out, failure.details(), aside);
    out.u8(failure.outcomeUnknown() ? 1 : 0);
  }

  private static Failure failure(Bytes.Reader in, Blobs blobs) {
    return new Failure(in.string(), in.string(), payload(in, blobs), in.u8() == 1);
  }

  private static void optionalFailure(
      Bytes.Writer out, @Nullable Failure failure, BiConsumer<String, Payload> aside) {
    out.u8(failure == null ? 0 : 1);
    if (failure != null) {
      failure(out, failure, aside);
    }
  }

  private static @Nullable Failure optionalFailure(Bytes.Reader in, Blobs blobs) {
    return in.u8() == 0 ? null : failure(in, blobs);
  }

  private static Map<String, Integer> counters(Bytes.Reader in) {
    int size = in.count();
    var counters = new LinkedHashMap<String, Integer>();
    for (int i = 0; i < size; i++) {
      counters.put(in.string(), in.count());
    }
    return counters;
  }
}
