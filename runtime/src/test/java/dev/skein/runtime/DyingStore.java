package dev.skein.runtime;

import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes a few commits more, then none: to the engine on it, what a kill is to its process.
final class DyingStore {
  private DyingStore() {}

  static Store after(int commits, Store store) {
    var left = new AtomicInteger(commits);
    return (Store)
        Proxy.newProxyInstance(
            DyingStore.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commit") && left.decrementAndGet() < 0) {
                throw new StoreException(StoreException.Code.FAILED, "killed here");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
