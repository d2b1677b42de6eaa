package dev.skein.connectors.integration;

import java.util.concurrent.atomic.LongAdder;

/// Counts what happens to the calls of an integration. Thread-safe.
final class Meter {
  final LongAdder calls = new LongAdder();
  final LongAdder attempts = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder hedges = new LongAdder();
  final LongAdder deferrals = new LongAdder();
}
