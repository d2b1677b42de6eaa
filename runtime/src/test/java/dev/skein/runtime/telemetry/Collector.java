package dev.skein.runtime.telemetry;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/// Takes spans by OTLP over HTTP, and is a system that workflows call.
final class Collector implements AutoCloseable {
  final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
  final List<String> tokens = new CopyOnWriteArrayList<>();

  /// The header of each call, by its path.
  final Map<String, List<String>> called = new ConcurrentHashMap<>();

  volatile int status = 200;

  private final HttpServer server;

  Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/traces",
        exchange -> {
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Team")));
          try (var body = new GZIPInputStream(exchange.getRequestBody())) {
            var request = ExportTraceServiceRequest.parseFrom(body.readAllBytes());
            if (status == 200) {
              received.addAll(request.getResourceSpansList());
            }
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.createContext(
        "/call/",
        exchange -> {
          List<String> sent =
              called.computeIfAbsent(
                  exchange.getRequestURI().getPath(), _ -> new CopyOnWriteArrayList<>());
          sent.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
          boolean fails = exchange.getRequestURI().getPath().endsWith("flaky") && sent.size() == 1;
          exchange.sendResponseHeaders(fails ? 503 : 204, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  List<Span> spans() {
    return received.stream()
        .flatMap(of -> of.getScopeSpansList().stream())
        .flatMap(of -> of.getSpansList().stream())
        .toList();
  }

  Span span(String name) {
    List<Span> found = spans().stream().filter(span -> span.getName().equals(name)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " spans are called " + name);
    }
    return found.getFirst();
  }

  static String id(Span span) {
    return HexFormat.of().formatHex(span.getSpanId().toByteArray());
  }

  static String parent(Span span) {
    return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
  }

  static String trace(Span span) {
    return HexFormat.of().formatHex(span.getTraceId().toByteArray());
  }

  static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                of -> of.getKey(),
                of ->
                    of.getValue().hasStringValue()
                        ? of.getValue().getStringValue()
                        : Long.toString(of.getValue().getIntValue())));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
