package dev.skein.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a workflow is published as an operation of an HTTP API: `document.metadata.skein.api`.
///
/// @param path begins with `/`; a segment `{name}` stands for any one
/// @param method in capitals
/// @param version of the API, such as `v1`; null if the workflow declares none
/// @param patience how long a request waits for its run to end; zero for not at all
/// @param limit how often each caller may call; null for no limit
/// @param key the header that tells callers apart; null for what they authenticate by
public record ApiOperation(
    String path,
    String method,
    @Nullable String version,
    Duration patience,
    Lifetime lifetime,
    @Nullable Rate limit,
    @Nullable String key,
    @Nullable Webhook webhook) {

  /// How long a request waits unless the workflow says otherwise.
  public static final Duration USUAL_WAIT = Duration.ofSeconds(30);

  /// The longest that a request waits, whoever asks for more.
  public static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// The segments of the path.
  public List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }

  /// The name in a segment `{name}`; null for any other segment.
  public static @Nullable String parameter(String segment) {
    return segment.startsWith("{") ? segment.substring(1, segment.length() - 1) : null;
  }

  /// What its callers are told of its end.
  ///
  /// @param since when it was, or will be, deprecated; null with `deprecated` since it was deployed
  /// @param sunset when it will no longer be there
  public record Lifetime(boolean deprecated, @Nullable Instant since, @Nullable Instant sunset) {
    public static final Lifetime OPEN = new Lifetime(false, null, null);
  }

  /// @param burst requests that may come at once after a pause
  public record Rate(int limit, Duration per, int burst) {}

  /// How requests prove that they come from who shares a secret with the workflow: by an HMAC (RFC
  /// 2104) of the body or, if there is a timestamp, of the timestamp, a dot and the body.
  ///
  /// @param secret the name of one under `use.secrets`
  /// @param header that holds the signature
  /// @param prefix before the signature, such as `sha256=`
  /// @param delivery the header with the id of a delivery, under which it may come again
  public record Webhook(
      String secret,
      String header,
      Algorithm algorithm,
      String prefix,
      Encoding encoding,
      @Nullable Timestamp timestamp,
      @Nullable String delivery) {}

  public enum Algorithm {
    SHA1,
    SHA256,
    SHA512
  }

  public enum Encoding {
    HEX,
    BASE64
  }

  /// @param header that holds the seconds since 1970
  /// @param tolerance how far they may be from now
  public record Timestamp(String header, Duration tolerance) {}
}
