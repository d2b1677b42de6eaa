package dev.skein.server.http;

/// Stands before every operation: lets a request pass to its handler, or refuses it.
@FunctionalInterface
public interface Guard {
  Answer serve(Operation operation, Request request, Routes.Handler handler)
      throws InterruptedException;
}
