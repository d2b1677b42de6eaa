package dev.skein.runtime.access;

import dev.skein.kernel.store.AuditEntry;
import dev.skein.kernel.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the audit log, and finds out whether it is whole. Thread-safe.
public final class AuditTrail {
  private static final int AT_ONCE = 1_000;
  private static final int LOOKED_THROUGH = 20_000;

  private final Store store;

  /// A place in the log that somebody has kept outside of it: who cuts the log before that place,
  /// or writes it anew, is found out.
  public record Anchor(long number, String hash) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

    /// @param written as [#toString] does
    /// @throws IllegalArgumentException if it is not so
    public static Anchor parse(String written) {
      Matcher parts = WRITTEN.matcher(written);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "'" + written + "' is no anchor; it is what 'skein audit verify' prints: NUMBER:HASH");
      }
      return new Anchor(Long.parseLong(parts.group(1)), parts.group(2));
    }

    @Override
    public String toString() {
      return number + ":" + hash;
    }
  }

  /// What was found.
  ///
  /// @param last the last entry that is as it was written
  /// @param broken what is wrong right behind it; null if the log is whole
  public record Verdict(Anchor last, @Nullable String broken) {}

  public AuditTrail(Store store) {
    this.store = store;
  }

  /// A part of the log.
  ///
  /// @param next below which number it goes on; null if there is no more
  public record Page(List<AuditEntry> entries, @Nullable Long next) {}

  /// Entries with a smaller number that fit, newest first. It may be few, or none, though there are
  /// more: then so much was looked through that whoever asks should say whether to go on.
  ///
  /// @param below null for the newest
  public Page page(AuditQuery query, @Nullable Long below, int limit) {
    var found = new ArrayList<AuditEntry>();
    long end = below == null ? store.auditEnd().number() + 1 : below;
    long enough = end - LOOKED_THROUGH;
    int atOnce = query.equals(AuditQuery.ALL) ? limit : AT_ONCE;
    while (end > Math.max(1, enough)) {
      for (AuditEntry entry : before(end, atOnce)) {
        if (query.isAfter(entry)) {
          return new Page(found, null);
        }
        if (query.fits(entry)) {
          found.add(entry);
        }
        if (found.size() == limit) {
          return new Page(found, entry.number() > 1 ? entry.number() : null);
        }
      }
      end = Math.max(1, end - atOnce);
    }
    return new Page(found, end > 1 ? end : null);
  }

  private List<AuditEntry> before(long end, int limit) {
    return store.audit(Math.max(0, end - 1 - limit), limit).stream()
        .filter(entry -> entry.number() < end)
        .toList()
        .reversed();
  }

  /// Walks through the chain.
  ///
  /// @param anchor null if none was kept
  public Verdict verify(@Nullable Anchor anchor) {
    AuditEntry end = store.auditEnd(); // first, since others go on writing
    AuditEntry last = AuditEntry.NONE;
    while (true) {
      List<AuditEntry> more = store.audit(last.number(), AT_ONCE);
      for (AuditEntry entry : more) {
        if (!entry.follows(last)) {
          return verdict(last, broken(entry, last));
        }
        last = entry;
        if (anchor != null && anchor.number == last.number() && !anchor.hash.equals(last.hash())) {
          return verdict(
              last, "entry %d is another than when it was noted".formatted(last.number()));
        }
        if (end.number() == last.number() && !end.hash().equals(last.hash())) {
          return verdict(last, "entry %d is not the one that was written".formatted(last.number()));
        }
      }
      if (more.size() < AT_ONCE) {
        return verdict(last, missing(last, end, anchor));
      }
    }
  }

  private static Verdict verdict(AuditEntry last, @Nullable String broken) {
    return new Verdict(new Anchor(last.number(), last.hash()), broken);
  }

  private static String broken(AuditEntry entry, AuditEntry last) {
    return entry.number() == last.number() + 1
        ? "entry %d was changed, or put in".formatted(entry.number())
        : "the entries from %d to %d are missing".formatted(last.number() + 1, entry.number() - 1);
  }

  private static @Nullable String missing(
      AuditEntry last, AuditEntry end, @Nullable Anchor anchor) {
    long known = Math.max(end.number(), anchor == null ? 0 : anchor.number);
    return last.number() >= known
        ? null
        : "the entries from %d to %d are missing at the end".formatted(last.number() + 1, known);
  }
}
