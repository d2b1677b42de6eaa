package dev.skein.connectors.policy;

import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which calls a declaration is for: those that meet every condition given; an empty one is met by
/// all.
///
/// @param hosts `pay.example.com`, `pay.example.com:8443`, `*.example.com`
/// @param paths `/v1/refunds`; `*` stands for a part of a segment, `**` for any rest
/// @param operations of an OpenAPI document, or gRPC methods `package.Service/Method`
/// @param workflows `namespace/name`, or `namespace/*`
/// @param tasks names, or references such as `/do/0/pay`
public record Match(
    List<String> hosts,
    List<String> paths,
    Set<String> methods,
    Set<String> operations,
    List<String> workflows,
    Set<String> tasks) {
  public static final Match ALL =
      new Match(List.of(), List.of(), Set.of(), Set.of(), List.of(), Set.of());

  /// The more that is said, and the closer to the task, the more specific: task, workflow,
  /// operation, path (the longer), method, host (without a star, then the longer).
  static final Comparator<Match> BY_SPECIFICITY =
      Comparator.comparing((Match m) -> !m.tasks.isEmpty())
          .thenComparingInt(m -> longest(m.workflows))
          .thenComparing(m -> !m.operations.isEmpty())
          .thenComparingInt(m -> longest(m.paths))
          .thenComparing(m -> !m.methods.isEmpty())
          .thenComparingInt(
              m -> m.hosts.isEmpty() ? 0 : m.hosts.stream().anyMatch(Match::open) ? 1 : 2)
          .thenComparingInt(m -> longest(m.hosts));

  /// What is called, and from where.
  ///
  /// @param operation null for a plain call
  /// @param workflow `namespace/name`; null if it is not called from one
  public record Call(
      String method,
      URI uri,
      @Nullable String operation,
      @Nullable String workflow,
      @Nullable String task,
      @Nullable String reference) {
    public static Call of(String method, URI uri) {
      return new Call(method, uri, null, null, null, null);
    }
  }

  boolean fits(Call call) {
    return (hosts.isEmpty() || hosts.stream().anyMatch(host -> fitsHost(host, call.uri)))
        && (paths.isEmpty() || paths.stream().anyMatch(path -> fits(path, path(call.uri))))
        && (methods.isEmpty() || methods.contains(call.method.toUpperCase(Locale.ROOT)))
        && fitsOne(operations, call.operation)
        && (workflows.isEmpty()
            || (call.workflow != null
                && workflows.stream().anyMatch(name -> fits(name, call.workflow))))
        && (tasks.isEmpty() || fitsOne(tasks, call.task) || fitsOne(tasks, call.reference));
  }

  private static boolean fitsOne(Set<String> wanted, @Nullable String found) {
    return wanted.isEmpty() || (found != null && wanted.contains(found));
  }

  private static boolean fitsHost(String pattern, URI uri) {
    String authority = uri.getRawAuthority();
    if (authority == null) {
      return false;
    }
    String host = authority.toLowerCase(Locale.ROOT);
    String named = host.replaceFirst(":\\d+$", "");
    String wanted = pattern.toLowerCase(Locale.ROOT);
    return wanted.startsWith("*.")
        ? named.endsWith(wanted.substring(1)) || host.endsWith(wanted.substring(1))
        : wanted.equals(named) || wanted.equals(host);
  }

  private static String path(URI uri) {
    String path = uri.getRawPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private static boolean fits(String pattern, String text) {
    return fits(pattern, 0, text, 0);
  }

  private static boolean fits(String pattern, int p, String text, int t) {
    if (p == pattern.length()) {
      return t == text.length();
    }
    boolean star = pattern.charAt(p) == '*';
    if (!star) {
      return t < text.length()
          && pattern.charAt(p) == text.charAt(t)
          && fits(pattern, p + 1, text, t + 1);
    }
    boolean rest = pattern.startsWith("**", p);
    int next = p + (rest ? 2 : 1);
    for (int end = t; end <= text.length(); end++) {
      if (fits(pattern, next, text, end)) {
        return true;
      }
      if (!rest && end < text.length() && text.charAt(end) == '/') {
        return false;
      }
    }
    return false;
  }

  private static boolean open(String pattern) {
    return pattern.contains("*");
  }

  /// How many characters the longest pattern says.
  private static int longest(List<String> patterns) {
    return patterns.stream().mapToInt(p -> p.replace("*", "").length()).max().orElse(-1);
  }

  /// Whether a call can fit both, and neither is more specific.
  boolean ties(Match other) {
    return BY_SPECIFICITY.compare(this, other) == 0
        && meet(hosts, other.hosts)
        && meet(paths, other.paths)
        && meet(methods, other.methods)
        && meet(operations, other.operations)
        && meet(workflows, other.workflows)
        && meet(tasks, other.tasks);
  }

  private static boolean meet(Collection<String> these, Collection<String> those) {
    return these.isEmpty() || those.isEmpty() || these.stream().anyMatch(those::contains);
  }
}
