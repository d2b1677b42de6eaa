package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.resilience.Buckets;
import dev.skein.connectors.resilience.Latencies;
import dev.skein.connectors.resilience.Timeline;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happens to the calls of an integration. Thread-safe.
final class Meter {
  /// Beyond that the calls of further operations are counted together.
  private static final int MOST_OPERATIONS = 500;

  private static final String OTHERS = "others";

  final LongAdder calls = new LongAdder();
  final LongAdder attempts = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder hedges = new LongAdder();
  final LongAdder deferrals = new LongAdder();
  final Latencies latencies;
  private final Timeline time;
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final Map<String, Operation> operations = new ConcurrentHashMap<>();

  /// Attempts of one kind of call.
  record Operation(LongAdder attempts, LongAdder failures, Latencies latencies, Buckets buckets) {
    Operation(Timeline time) {
      this(new LongAdder(), new LongAdder(), new Latencies(time), new Buckets());
    }
  }

  Meter(Timeline time) {
    this.time = time;
    this.latencies = new Latencies(time);
  }

  void succeeded(String operation, long tookNanos) {
    ended(operation, tookNanos);
  }

  void failed(String operation, HttpCallException error, long tookNanos) {
    ended(operation, tookNanos).failures.increment();
    errors.computeIfAbsent(kind(error), _ -> new LongAdder()).increment();
  }

  private Operation ended(String operation, long tookNanos) {
    latencies.took(tookNanos);
    Operation counted = operation(operation);
    counted.attempts.increment();
    counted.latencies.took(tookNanos);
    counted.buckets.took(tookNanos);
    return counted;
  }

  private Operation operation(String name) {
    Operation known = operations.get(name);
    if (known != null) {
      return known;
    }
    String counted = operations.size() < MOST_OPERATIONS ? name : OTHERS;
    return operations.computeIfAbsent(counted, _ -> new Operation(time));
  }

  /// `connect`, `reset`, `timeout`, `refused`, or the status of the answer.
  private static String kind(HttpCallException error) {
    return switch (error.reach()) {
      case NOT_SENT -> error.kind() == Kind.COMMUNICATION ? "connect" : "refused";
      case NO_ANSWER -> error.kind() == Kind.TIMEOUT ? "timeout" : "reset";
      case ANSWERED -> Integer.toString(error.status());
    };
  }

  Map<String, Long> errors() {
    var counts = new TreeMap<String, Long>();
    errors.forEach((kind, count) -> counts.put(kind, count.sum()));
    return counts;
  }

  Map<String, Operation> operations() {
    return new TreeMap<>(operations);
  }
}
