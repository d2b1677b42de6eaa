package dev.skein.runtime.resource;

import dev.skein.interpreter.Problems;
import dev.skein.kernel.Fault;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.Resources;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Fetches what one definition refers to, each resource once and within limits. Owned by the thread
/// that reads the definition.
public final class FetchedResources implements Resources, AutoCloseable {
  private final FileSource files;
  private final @Nullable WebAccess access;
  private final FetchLimits limits;
  private final Map<Wanted, Found> known = new HashMap<>();
  private final Map<String, Payload> contents = new LinkedHashMap<>();
  private final long startedNanos = System.nanoTime();
  private @Nullable WebSource web;
  private long bytes;

  /// @param definition the file it is in; null for none, which may refer to no files
  /// @param access null to leave the web alone
  public FetchedResources(
      @Nullable Path definition, @Nullable WebAccess access, FetchLimits limits) {
    Path folder = definition == null ? null : definition.toAbsolutePath().getParent();
    this.files = new FileSource(folder, limits.bytes());
    this.access = access;
    this.limits = limits;
  }

  /// What was fetched, by the URI it was asked for under.
  public Map<String, Payload> contents() {
    return Map.copyOf(contents);
  }

  @Override
  public Found find(Wanted wanted) {
    Found found = known.get(wanted);
    if (found == null) {
      found = fetched(wanted);
      known.put(wanted, found);
    }
    return found;
  }

  private Found fetched(Wanted wanted) {
    try {
      Payload content = content(wanted);
      if (content == null) {
        return new Found.Unread();
      }
      String text = Texts.decoded(content);
      contents.put(wanted.uri().toString(), content);
      return new Found.Text(text);
    } catch (Unavailable e) {
      return new Found.Failed(String.valueOf(e.getMessage()), e.hint());
    }
  }

  /// @return null if nobody looks there
  private @Nullable Payload content(Wanted wanted) throws Unavailable {
    URI uri = wanted.uri();
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "file").toLowerCase(Locale.ROOT);
    boolean onTheWeb = scheme.equals("http") || scheme.equals("https");
    if (onTheWeb && access == null) {
      return null;
    }
    if (contents.size() >= limits.most()) {
      throw new Unavailable("is one too many: a workflow has " + limits.most() + " at most");
    }
    Payload content =
        switch (scheme) {
          case "file" -> files.read(uri);
          case "http", "https" -> fromTheWeb(wanted, Objects.requireNonNull(access));
          default ->
              throw new Unavailable(
                  "has the scheme '" + scheme + "': file, http and https are read");
        };
    bytes += content.size();
    if (bytes > limits.allBytes()) {
      throw new Unavailable(
          "is too much: all a workflow refers to has %s at most"
              .formatted(FetchLimits.shown(limits.allBytes())));
    }
    return content;
  }

  private Payload fromTheWeb(Wanted wanted, WebAccess how) throws Unavailable {
    Duration spent = Duration.ofNanos(System.nanoTime() - startedNanos);
    Duration left = limits.allTime().minus(spent);
    if (!left.isPositive()) {
      throw new Unavailable("comes too late: all took longer than " + limits.allTime());
    }
    WebSource source = web;
    if (source == null) {
      source = new WebSource(limits.bytes(), how.egress());
      web = source;
    }
    Duration limit = left.compareTo(limits.time()) < 0 ? left : limits.time();
    return source.read(wanted.uri(), policy(wanted, how), limit);
  }

  private @Nullable JsonNode policy(Wanted wanted, WebAccess how) throws Unavailable {
    JsonNode written = wanted.authentication();
    if (written == null) {
      return null;
    }
    try {
      return how.credentials().apply(written);
    } catch (Fault e) {
      String detail = Problems.problem(e.failure()).detail();
      throw new Unavailable("cannot be authenticated for: " + detail, e);
    }
  }

  @Override
  public void close() {
    if (web != null) {
      web.close();
    }
  }
}
