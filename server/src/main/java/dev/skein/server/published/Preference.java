package dev.skein.server.published;

import dev.skein.model.ApiOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long a request waits for its run, by what the workflow says and what the request prefers
/// (RFC 7240).
///
/// @param applied what of the request's preferences is followed; empty if nothing is
record Preference(Duration patience, String applied) {
  private static final String ASYNC = "respond-async";
  private static final String WAIT = "wait";
  private static final int MOST_DIGITS = 9;

  /// @param prefer the header; null if there is none
  static Preference of(ApiOperation operation, @Nullable String prefer) {
    Map<String, String> wanted = preferences(prefer);
    boolean async = wanted.containsKey(ASYNC);
    Duration wait = operation.patience().isZero() ? null : wait(wanted.get(WAIT));
    var applied = new ArrayList<String>();
    if (async) {
      applied.add(ASYNC);
    }
    if (wait != null) {
      applied.add(WAIT + "=" + wait.toSeconds());
    }
    Duration otherwise = async ? Duration.ZERO : operation.patience();
    return new Preference(wait == null ? otherwise : wait, String.join(", ", applied));
  }

  /// Null for one that cannot be followed, which is passed over.
  private static @Nullable Duration wait(@Nullable String seconds) {
    if (seconds == null || !seconds.matches("[0-9]{1,%d}".formatted(MOST_DIGITS))) {
      return null;
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(seconds));
    return wait.compareTo(ApiOperation.LONGEST_WAIT) > 0 ? ApiOperation.LONGEST_WAIT : wait;
  }

  /// By name; of those given twice the first counts.
  private static Map<String, String> preferences(@Nullable String prefer) {
    var preferences = new LinkedHashMap<String, String>();
    for (String one : prefer == null ? new String[0] : prefer.split(",", -1)) {
      String[] parts = one.split(";", 2)[0].split("=", 2);
      String value = parts.length == 1 ? "" : parts[1].strip();
      String bare = value.matches("\".*\"") ? value.substring(1, value.length() - 1) : value;
      preferences.putIfAbsent(parts[0].strip().toLowerCase(Locale.ROOT), bare);
    }
    return preferences;
  }
}
