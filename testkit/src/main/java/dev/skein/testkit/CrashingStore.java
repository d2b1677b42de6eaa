package dev.skein.testkit;

import dev.skein.kernel.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Ends its process, without any farewell, around the n-th commit.
public final class CrashingStore {
  private static final int KILLED = 137;

  private CrashingStore() {}

  /// On which side of the commit the process ends.
  public enum Side {
    BEFORE,
    AFTER
  }

  /// @param n the commit, from 1; 0 for never
  public static Store around(Store store, int n, Side side) {
    var commits = new AtomicInteger();
    return (Store)
        Proxy.newProxyInstance(
            CrashingStore.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              boolean here = method.getName().equals("commit") && commits.incrementAndGet() == n;
              if (here && side == Side.BEFORE) {
                Runtime.getRuntime().halt(KILLED);
              }
              try {
                Object result = method.invoke(store, arguments);
                if (here) {
                  Runtime.getRuntime().halt(KILLED);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /// Counts the commits of an undisturbed life.
  public static Store counting(Store store, AtomicInteger commits) {
    return (Store)
        Proxy.newProxyInstance(
            CrashingStore.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              try {
                if (method.getName().equals("commit") && !((List<?>) arguments[0]).isEmpty()) {
                  commits.incrementAndGet();
                }
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
