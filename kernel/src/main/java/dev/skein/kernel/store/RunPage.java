package dev.skein.kernel.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of the runs that a filter lists. There may be fewer than asked for, even none, and more to
/// come: a page that few runs fit ends where enough were looked at.
///
/// @param next where the next page begins; null if this is the last
public record RunPage(List<RunRow> runs, @Nullable Long next) {
  public RunPage {
    runs = List.copyOf(runs);
  }

  /// @param found one more than the limit, if there are more
  public static RunPage of(List<RunRow> found, int limit) {
    return found.size() > limit
        ? new RunPage(found.subList(0, limit), found.get(limit - 1).number())
        : new RunPage(found, null);
  }
}
