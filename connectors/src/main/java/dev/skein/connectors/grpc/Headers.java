package dev.skein.connectors.grpc;

import dev.skein.connectors.http.HttpCallException;
import io.grpc.Metadata;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Between headers as HTTP has them and the metadata of a gRPC call. A name that ends in `-bin` has
/// bytes for a value, which are base64 as a header.
final class Headers {
  private static final Pattern NAME = Pattern.compile("[0-9a-z_.-]+");
  private static final String BINARY = "-bin";
  // what the protocol itself says with them is not for calls to change
  private static final Set<String> REFUSED =
      Set.of("content-type", "content-length", "te", "connection", "transfer-encoding", "upgrade");

  private Headers() {}

  /// @throws HttpCallException for what gRPC forbids
  static Metadata metadata(Map<String, String> headers) throws HttpCallException {
    var metadata = new Metadata();
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("host") || name.equals("user-agent")) {
        continue; // the authority of the call, and the channel's own
      }
      boolean reserved = REFUSED.contains(name) || name.startsWith("grpc-");
      if (!NAME.matcher(name).matches() || reserved) {
        throw Failures.invalid(
            "The header %s can't be sent with a gRPC call".formatted(header.getKey()));
      }
      put(metadata, name, header.getValue());
    }
    return metadata;
  }

  private static void put(Metadata metadata, String name, String value) throws HttpCallException {
    if (name.endsWith(BINARY)) {
      try {
        byte[] bytes = Base64.getDecoder().decode(value);
        metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), bytes);
        return;
      } catch (IllegalArgumentException e) {
        throw Failures.invalid(
            "The value of the header %s is no base64, as names that end in -bin demand"
                .formatted(name));
      }
    }
    if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      throw Failures.invalid(
          "The value of the header %s holds a control or non-ASCII character; encode it"
              .formatted(name));
    }
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
  }

  /// By name without regard to case.
  static Map<String, String> headers(Metadata metadata) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : metadata.keys()) {
      if (!name.endsWith(BINARY)) {
        Iterable<String> values =
            metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        headers.put(name, values == null ? "" : String.join(", ", values));
      }
    }
    return headers;
  }
}
