package dev.skein.runtime.telemetry;

import dev.skein.kernel.Watcher;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.view.FollowedRun;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the spans of each run that ends, on a thread of its own: the journal is read then, so a
/// run's trace is whole however often it moved or was interrupted. Who collects them is not waited
/// for: what cannot be told in time is lost, counted, and said in the log.
final class TraceExport implements Watcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TraceExport.class);

  private static final int MOST_WAITING = 10_000;
  private static final int BATCH = 512;
  private static final int ENTRIES_A_READ = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration LINGER = Duration.ofMillis(200);

  private final Store store;
  private final Traces traces;
  private final Resource resource;
  private final SpanExporter exporter;
  private final BlockingQueue<RunRow> ended = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private final List<SpanData> batch = new ArrayList<>();
  private volatile boolean closing;
  private boolean failing;

  TraceExport(Store store, Traces traces, Resource resource, SpanExporter exporter) {
    this.store = store;
    this.traces = traces;
    this.resource = resource;
    this.exporter = exporter;
    this.thread = Thread.ofPlatform().daemon().name("skein-traces").start(this::work);
  }

  @Override
  public void committed(RunRow run, List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry instanceof Entry.RunEnded && !ended.offer(run)) {
        lost.incrementAndGet();
      }
    }
  }

  /// Runs whose traces could not be told.
  long lost() {
    return lost.get();
  }

  private void work() {
    try {
      while (!closing || !ended.isEmpty()) {
        RunRow run = ended.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
        if (run != null) {
          tell(run);
        }
        if (batch.size() >= BATCH || (run == null && !batch.isEmpty())) {
          send();
        }
      }
      if (!batch.isEmpty()) {
        send();
      }
    } catch (InterruptedException e) {
      LOG.warn("the traces of the last {} runs were not sent before the end", ended.size());
    }
  }

  private void tell(RunRow run) {
    try {
      Traces.Standing standing = traces.of(run);
      if (!standing.around().sampled()) {
        return;
      }
      var spans = new RunSpans();
      var journal = new FollowedRun(store, run, null);
      List<FollowedRun.Placed> page = journal.more(ENTRIES_A_READ);
      while (!page.isEmpty()) {
        page.forEach(placed -> spans.add(placed.entry()));
        page = journal.more(ENTRIES_A_READ);
      }
      batch.addAll(spans.spans(new RunSpans.Told(run, standing, resource)));
    } catch (RuntimeException e) { // one run's history must not end the telling of others
      lost.incrementAndGet();
      LOG.warn("the trace of run {} could not be made", run.id(), e);
    }
  }

  private void send() {
    CompletableResultCode sent = exporter.export(List.copyOf(batch));
    batch.clear();
    boolean failed = !sent.join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    if (failed) {
      lost.incrementAndGet();
    }
    if (failed != failing) {
      failing = failed;
      if (failed) {
        LOG.warn("traces cannot be sent; those of runs that end meanwhile are lost");
      } else {
        LOG.info("traces can be sent again; {} were lost since the start", lost.get());
      }
    }
  }

  /// Sends what there is, and ends.
  @Override
  public void close() {
    closing = true;
    try {
      if (!thread.join(GRACE)) {
        thread.interrupt();
        thread.join(GRACE);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    exporter.shutdown().join(GRACE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
