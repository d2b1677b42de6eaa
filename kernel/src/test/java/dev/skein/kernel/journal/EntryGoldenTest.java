package dev.skein.kernel.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What was once written must be read for ever: `entries-v1.txt` holds entries as version 1 wrote
/// them, and is never changed. A new version of an entry gets a file of its own.
class EntryGoldenTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final StepKey KEY = new StepKey("/do/0/loop/7", "/do/1/charge", 2);
  private static final Failure FAILURE =
      new Failure("https://example.com/declined", "declined", Payload.of("{\"status\":402}"), true);
  private static final Blobs NO_BLOBS =
      hash -> {
        throw new JournalException("no blob " + hash);
      };

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry.RunStarted(AT, new WorkflowRef("shop", "checkout", "1.2.3"), Payload.of("{}")),
          new Entry.RunEnded(AT, RunStatus.COMPLETED, Payload.of("[1]"), null),
          new Entry.RunEnded(AT, RunStatus.FAULTED, null, FAILURE),
          new Entry.ControlRequested(AT, Entry.Control.CANCEL, "changed my mind"),
          new Entry.StepStarted(AT, KEY),
          new Entry.StepCompleted(AT, KEY, 3, AT.minusMillis(20), Payload.of("\"é\"")),
          new Entry.StepFailed(AT, KEY, 1, AT.minusSeconds(1), FAILURE),
          new Entry.AttemptFailed(AT, KEY, 1, FAILURE, AT.plusSeconds(60)),
          new Entry.TimerSet(AT, KEY, AT.plusSeconds(86_400)),
          new Entry.TimerFired(AT, KEY),
          new Entry.EventTaken(AT, KEY, 1L << 62, Payload.of("null")),
          new Entry.ScopeClosed(AT, KEY, Entry.Closing.WON, 200),
          new Entry.ScopeClosed(AT, KEY, Entry.Closing.FAILED, 0),
          new Entry.ScopeClosed(AT, KEY, Entry.Closing.TIMED_OUT, 0),
          new Entry.CheckpointSaved(AT, 12_345, counters(), Payload.of("{\"task\":3}")),
          new Entry.TaskStarted(AT, KEY, Payload.of("1")),
          new Entry.TaskEnded(
              AT, KEY, AT, Entry.TaskStatus.COMPLETED, Payload.of("1"), Payload.of("2"), null),
          new Entry.TaskEnded(AT, KEY, AT, Entry.TaskStatus.SKIPPED, null, null, null),
          new Entry.TaskEnded(AT, KEY, AT, Entry.TaskStatus.FAULTED, null, null, FAILURE),
          new Entry.TaskEnded(AT, KEY, AT, Entry.TaskStatus.CANCELLED, null, null, null),
          new Entry.RunReopened(AT, "it is back", List.of(KEY, KEY), List.of(KEY)),
          new Entry.RunForked(AT, "0123456789abc", KEY, Payload.of("{}"), "what if"));

  private static Map<String, Integer> counters() {
    var counters = new LinkedHashMap<String, Integer>();
    counters.put("/do/0/loop", 1);
    counters.put("task:/do/0/loop", 300);
    return counters;
  }

  private static byte[] encode(Entry entry) {
    return EntryCodec.encode(
        entry,
        (hash, _) -> {
          throw new IllegalStateException("nothing here is large");
        });
  }

  private static List<String> golden() throws IOException {
    try (var in = EntryGoldenTest.class.getResourceAsStream("entries-v1.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  record Case(Entry entry, String hex) {
    @Override
    public String toString() {
      return entry.getClass().getSimpleName();
    }
  }

  static Stream<Case> cases() throws IOException {
    List<String> golden = golden();
    assertThat(golden).hasSameSizeAs(ENTRIES);
    var cases = new ArrayList<Case>();
    for (int i = 0; i < ENTRIES.size(); i++) {
      cases.add(new Case(ENTRIES.get(i), golden.get(i)));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsWhatVersionOneWrote(Case one) {
    assertThat(EntryCodec.decode(HexFormat.of().parseHex(one.hex), NO_BLOBS)).isEqualTo(one.entry);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesVersionOne(Case one) {
    assertThat(HexFormat.of().formatHex(encode(one.entry))).isEqualTo(one.hex);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anEntryCutShortAnywhereIsRefused(Case one) {
    byte[] bytes = HexFormat.of().parseHex(one.hex);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> EntryCodec.decode(cut, NO_BLOBS))
          .isInstanceOf(JournalException.class);
    }
  }

  @Test
  void anyFlippedBitOfAFrameIsNoticed() {
    byte[] frame =
        Frame.encode(42, 3, ENTRIES.stream().map(EntryGoldenTest::encode).toList()).bytes();
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> Frame.decode(42, 3, Payload.of(flipped)))
          .isInstanceOf(JournalException.class);
    }
  }

  @Test
  void aFrameOfAnotherRunOrAnotherPlaceIsRefused() {
    Payload frame = Frame.encode(42, 3, List.of(encode(ENTRIES.getFirst())));
    assertThat(Frame.decode(42, 3, frame)).hasSize(1);
    assertThatThrownBy(() -> Frame.decode(43, 3, frame)).isInstanceOf(JournalException.class);
    assertThatThrownBy(() -> Frame.decode(42, 4, frame))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("frame 4 of the journal is missing");
  }

  @Test
  void largePayloadsLieAside() {
    var large = Payload.of(new byte[EntryCodec.LARGEST_INLINE_PAYLOAD + 1]);
    var aside = new LinkedHashMap<String, Payload>();
    byte[] encoded = EntryCodec.encode(new Entry.StepCompleted(AT, KEY, 1, AT, large), aside::put);
    assertThat(encoded).hasSizeLessThan(200);
    assertThat(EntryCodec.decode(encoded, aside::get))
        .isEqualTo(new Entry.StepCompleted(AT, KEY, 1, AT, large));
  }

  @Test
  void aNewerVersionIsNotGuessedAt() {
    byte[] bytes = encode(ENTRIES.getFirst());
    bytes[1] = 9;
    assertThatThrownBy(() -> EntryCodec.decode(bytes, NO_BLOBS))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("a newer Skein wrote it");
  }

  /// Prints the golden file for a new version; run by hand.
  public static void main(String[] arguments) {
    ENTRIES.forEach(entry -> System.out.println(HexFormat.of().formatHex(encode(entry))));
  }
}
