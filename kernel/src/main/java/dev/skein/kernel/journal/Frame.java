package dev.skein.kernel.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The entries that one commit adds to one run, as they lie in the store: CRC-32C (4 bytes, of all
/// that follows, the run's number and the frame's number), frame number, then each entry with its
/// length before it. A flipped byte, a lost frame and a frame of another run are all noticed.
public final class Frame {
  private static final int CHECKSUM_BYTES = 4;

  private Frame() {}

  /// @param run number of the run
  /// @param sequence number of the frame in its run, from 1 without gaps
  public static Payload encode(long run, int sequence, List<byte[]> entries) {
    var out = new Bytes.Writer();
    out.raw(new byte[CHECKSUM_BYTES]);
    out.varint(sequence);
    for (byte[] entry : entries) {
      out.bytes(entry);
    }
    byte[] frame = out.toBytes();
    int checksum = checksum(run, frame);
    for (int i = 0; i < CHECKSUM_BYTES; i++) {
      frame[i] = (byte) (checksum >>> (8 * i));
    }
    return Payload.of(frame);
  }

  /// The encoded entries of a frame, in order.
  ///
  /// @throws JournalException if the frame is damaged, or is not frame `sequence` of run `run`
  public static List<byte[]> decode(long run, int sequence, Payload payload) {
    byte[] frame = payload.bytes();
    if (frame.length < CHECKSUM_BYTES) {
      throw new JournalException("frame %d of the journal is cut short".formatted(sequence));
    }
    int expected = 0;
    for (int i = 0; i < CHECKSUM_BYTES; i++) {
      expected |= (frame[i] & 0xFF) << (8 * i);
    }
    if (expected != checksum(run, frame)) {
      throw new JournalException(
          "frame %d of the journal is damaged: its checksum does not match".formatted(sequence));
    }
    var in = new Bytes.Reader(frame, CHECKSUM_BYTES);
    long found = in.varint();
    if (found != sequence) {
      throw new JournalException(
          "frame %d of the journal is missing: found %d in its place".formatted(sequence, found));
    }
    var entries = new ArrayList<byte[]>();
    while (!in.atEnd()) {
      entries.add(in.bytes());
    }
    return entries;
  }

  private static int checksum(long run, byte[] frame) {
    var crc = new CRC32C();
    for (int i = 0; i < Long.BYTES; i++) {
      crc.update((int) (run >>> (8 * i)) & 0xFF);
    }
    crc.update(frame, CHECKSUM_BYTES, frame.length - CHECKSUM_BYTES);
    return (int) crc.getValue();
  }
}
