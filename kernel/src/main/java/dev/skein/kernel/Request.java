package dev.skein.kernel;

import dev.skein.kernel.store.Ask;
import dev.skein.kernel.store.Event;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What is asked of one run from outside.
sealed interface Request {
  /// Its timer is due, or its process was started.
  record Wake() implements Request {}

  /// An event it may be waiting for is durable.
  record Deliver(Event event) implements Request {}

  /// Somebody waits to hear that it was done.
  sealed interface Answered extends Request {
    CompletableFuture<@Nullable Void> answer();

    Ask.Kind kind();

    String reason();
  }

  record Cancel(String reason, CompletableFuture<@Nullable Void> answer) implements Answered {
    @Override
    public Ask.Kind kind() {
      return Ask.Kind.CANCEL;
    }
  }

  record Suspend(String reason, CompletableFuture<@Nullable Void> answer) implements Answered {
    @Override
    public Ask.Kind kind() {
      return Ask.Kind.SUSPEND;
    }
  }

  record Resume(CompletableFuture<@Nullable Void> answer) implements Answered {
    @Override
    public Ask.Kind kind() {
      return Ask.Kind.RESUME;
    }

    @Override
    public String reason() {
      return "";
    }
  }

  default void refuse(RuntimeException reason) {
    if (this instanceof Answered answered) {
      answered.answer().completeExceptionally(reason);
    }
  }
}
