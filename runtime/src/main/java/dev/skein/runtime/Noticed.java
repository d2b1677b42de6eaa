package dev.skein.runtime;

import dev.skein.connectors.integration.Notices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what integrations should be looked at for: the last so many, each once, logged when it is
/// first heard. Guarded by its monitor.
final class Noticed implements Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Noticed.class);
  private static final int MOST_KEPT = 200;

  private final Map<Notice, Integer> times = new LinkedHashMap<>();

  @Override
  public synchronized void tell(Notice notice) {
    if (times.merge(notice, 1, Integer::sum) == 1) {
      LOG.warn("{} of {} {}", notice.about(), notice.integration(), notice.what());
      if (times.size() > MOST_KEPT) {
        times.remove(times.keySet().iterator().next());
      }
    }
  }

  /// Oldest first.
  synchronized List<Notice> all() {
    return new ArrayList<>(times.keySet());
  }
}
