package dev.skein.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A run's place in memory, from before its journal is read until its threads are gone. Requests
/// that come too early wait here for the run, those that come too late for its return. Guarded by
/// its own lock, taken before the run's.
final class Residence {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Request> pending = new ArrayList<>();
  private final List<CompletableFuture<@Nullable Void>> answerWhenGone = new ArrayList<>();
  private @Nullable ActiveRun run;
  private @Nullable Scope root;
  private boolean closed;
  private boolean evicted;

  /// Takes the request if the run is still, or soon, here.
  boolean accept(Request request) {
    lock.lock();
    try {
      if (!closed) {
        pending.add(request);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// The run's code is about to begin; what has been asked meanwhile reaches it now.
  void begin(ActiveRun arrived, Scope rootScope) {
    lock.lock();
    try {
      run = arrived;
      root = rootScope;
      if (evicted) {
        arrived.requestDeparture(Departure.closing(), false);
      }
    } finally {
      lock.unlock();
    }
    handle();
  }

  /// Passes on to the run what waits here, but for what it can no longer take.
  void handle() {
    lock.lock();
    try {
      ActiveRun here = run;
      Scope scope = root;
      if (here != null && scope != null) {
        pending.removeIf(request -> handled(request, here, scope));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean handled(Request request, ActiveRun here, Scope scope) {
    return switch (request) {
      case Request.Wake _ -> !here.isLeaving();
      case Request.Deliver deliver -> here.deliver(deliver.event());
      case Request.Cancel cancel -> {
        boolean taken = here.requestCancel(scope, cancel.reason());
        if (taken) {
          cancel.answer().complete(null);
        }
        yield taken;
      }
      case Request.Suspend suspend -> {
        boolean taken = here.requestDeparture(Departure.suspended(suspend.reason()), false);
        if (taken) {
          answerWhenGone.add(suspend.answer());
        }
        yield taken;
      }
      case Request.Resume resume -> {
        boolean taken = !here.isLeaving();
        if (taken) {
          resume.answer().complete(null);
        }
        yield taken;
      }
    };
  }

  /// Whether a suspended run must come back for what is asked of it.
  boolean wantsToRun() {
    lock.lock();
    try {
      return pending.stream()
          .anyMatch(r -> r instanceof Request.Resume || r instanceof Request.Cancel);
    } finally {
      lock.unlock();
    }
  }

  /// The run is suspended and stays so: events lie in the log, timers are found when it is resumed.
  void answerSuspended() {
    lock.lock();
    try {
      for (Request request : pending) {
        if (request instanceof Request.Answered answered) {
          answered.answer().complete(null);
        }
      }
      pending.clear();
    } finally {
      lock.unlock();
    }
  }

  /// What has been asked so far, to be done elsewhere.
  List<Request> takePending() {
    lock.lock();
    try {
      var taken = List.copyOf(pending);
      pending.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void refuse(RuntimeException reason) {
    lock.lock();
    try {
      pending.forEach(request -> request.refuse(reason));
      pending.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the stay; returns what nobody has heard.
  List<Request> close() {
    lock.lock();
    try {
      closed = true;
      answerWhenGone.forEach(answer -> answer.complete(null));
      return List.copyOf(pending);
    } finally {
      lock.unlock();
    }
  }

  /// Makes the run leave because its engine closes.
  void evict(boolean interrupting) {
    lock.lock();
    try {
      evicted = true;
      if (run != null) {
        run.requestDeparture(Departure.closing(), interrupting);
      }
    } finally {
      lock.unlock();
    }
  }

  @Nullable ActiveRun run() {
    lock.lock();
    try {
      return run;
    } finally {
      lock.unlock();
    }
  }
}
