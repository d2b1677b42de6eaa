package dev.skein.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a node is among those that share its store, for who must know: whether it leads, and when
/// what is deployed has changed. Guarded by its own monitor, so that all hear everything in order.
final class Standing {
  private final List<Consumer<Boolean>> followers = new ArrayList<>();
  private final List<Runnable> readers = new ArrayList<>();
  private boolean leads;

  /// @param leads from the beginning: a node that is alone
  Standing(boolean leads) {
    this.leads = leads;
  }

  /// Tells it at once if this node leads already.
  synchronized void onLead(Consumer<Boolean> follower) {
    followers.add(follower);
    if (leads) {
      follower.accept(true);
    }
  }

  synchronized void onRedeployed(Runnable reader) {
    readers.add(reader);
  }

  synchronized void leads(boolean now) {
    if (now != leads) {
      leads = now;
      followers.forEach(follower -> follower.accept(now));
    }
  }

  synchronized void redeployed() {
    readers.forEach(Runnable::run);
  }
}
