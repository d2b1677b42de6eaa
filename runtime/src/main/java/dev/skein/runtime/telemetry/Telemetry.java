package dev.skein.runtime.telemetry;

import dev.skein.interpreter.SecretSource;
import dev.skein.kernel.Watcher;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.settings.TelemetrySettings;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is told of runs to other systems, as the settings have it.
public final class Telemetry implements AutoCloseable {
  private final Traces traces;
  private final @Nullable TraceExport export;

  private Telemetry(Traces traces, @Nullable TraceExport export) {
    this.traces = traces;
    this.export = export;
  }

  /// Nothing of OpenTelemetry is loaded unless traces are sent.
  public static Telemetry of(TelemetrySettings settings, Store store, SecretSource secrets) {
    TelemetrySettings.Traces wanted = settings.traces();
    if (wanted == null) {
      return new Telemetry(new Traces(store, false, 0), null);
    }
    var traces = new Traces(store, true, wanted.sample());
    URI endpoint = wanted.endpoint();
    return new Telemetry(
        traces,
        endpoint == null
            ? null
            : Otlp.export(settings.service(), wanted, endpoint, store, traces, secrets));
  }

  /// @param watching takes who is told of what becomes durable
  public void begin(Consumer<Watcher> watching) {
    if (export != null) {
      watching.accept(export);
    }
  }

  /// Apart, so that it is loaded only when it is used.
  private static final class Otlp {
    static TraceExport export(
        String service,
        TelemetrySettings.Traces wanted,
        URI endpoint,
        Store store,
        Traces traces,
        SecretSource secrets) {
      Resource resource =
          Resource.getDefault()
              .merge(Resource.create(Attributes.builder().put("service.name", service).build()));
      var exporter =
          OtlpHttpSpanExporter.builder()
              .setEndpoint(endpoint.toString())
              .setCompression("gzip")
              .setHeaders(() -> headers(wanted, secrets))
              .build();
      return new TraceExport(store, traces, resource, exporter);
    }

    /// Secrets as they are at this moment.
    private static Map<String, String> headers(
        TelemetrySettings.Traces wanted, SecretSource secrets) {
      var headers = new HashMap<>(wanted.headers());
      wanted
          .secretHeaders()
          .forEach((header, name) -> {
            JsonNode secret = secrets.secret(name);
            if (secret != null) {
              headers.put(header, secret.asString());
            }
          });
      return headers;
    }
  }

  public Traces traces() {
    return traces;
  }

  /// How many runs' traces could not be told, since this was opened.
  public long lostTraces() {
    return export == null ? 0 : export.lost();
  }

  @Override
  public void close() {
    if (export != null) {
      export.close();
    }
  }
}
