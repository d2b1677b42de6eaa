package dev.skein.connectors.policy;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which calls a declaration is for: those that meet every condition given; an empty one is met by
/// all. See [Condition] for which of several declarations counts.
///
/// @param hosts `pay.example.com`, `pay.example.com:8443`, `*.example.com`
/// @param paths `/v1/refunds`; `*` stands for a part of a segment, `**` for any rest
/// @param methods in capitals
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

  /// What is called, and from where.
  ///
  /// @param operation null for a plain call
  /// @param workflow `namespace/name`; null if it is not called from one
  /// @param task its name
  /// @param reference of the task
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

  /// Whether the text can stand under `hosts`.
  public static boolean isHost(String text) {
    return HostPattern.isHost(text);
  }
}
