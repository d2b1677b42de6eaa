package dev.skein.kernel;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunRow;
import java.util.List;
import java.util.function.Function;

/// What becomes durable together with the start of a run.
///
/// @param created made of the run that is created, and durable with it or not at all; not asked for
///   if the run is there already
/// @param there what becomes durable if it is
public record Along(Function<RunRow, List<Change>> created, List<Change> there) {
  public static final Along NOTHING = always(List.of());

  /// The same whether the run is created or there already.
  public static Along always(List<Change> changes) {
    return new Along(_ -> changes, changes);
  }

  /// Nothing unless the run is created.
  public static Along created(Function<RunRow, Change> change) {
    return new Along(row -> List.of(change.apply(row)), List.of());
  }
}
