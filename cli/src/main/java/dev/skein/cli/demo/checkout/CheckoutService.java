package dev.skein.cli.demo.checkout;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs one of the services as a process of its own: `CheckoutService payment --ledger FILE`. The
/// first line it prints is its URL; it runs until it is killed.
@Command(
    name = "checkout-service",
    description = "Runs one service of the checkout demo; prints its URL on the first line.")
public final class CheckoutService implements Callable<Integer> {
  @Parameters(paramLabel = "SERVICE", description = "inventory, payment or shipping")
  private String service = "";

  @Option(names = "--port", description = "default: any free port")
  private int port;

  @Option(names = "--ledger", required = true, description = "the file that keeps what happened")
  private Path ledger = Path.of("");

  @Option(names = "--config", description = "stock and faults; default: the demo's own")
  private @Nullable Path config;

  public static void main(String[] args) {
    int exit = new CommandLine(new CheckoutService()).execute(args);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /// Returns when the service listens; the server's own thread keeps the process alive.
  @Override
  public Integer call() {
    ServiceConfig starting = config == null ? ServiceConfig.bundled() : ServiceConfig.read(config);
    // never closed: a kill is the way to end it, and the ledger must stand that anyway
    LedgerService started =
        LedgerService.start(service, new LedgerService.Options(port, ledger, starting));
    System.out.println(started.url());
    System.out.flush();
    return 0;
  }
}
