package dev.skein.connectors.auth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A token as an endpoint gave it out.
///
/// @param renewAt before it expires, so that none expires on its way
/// @param refresh the refresh token that came with it
record Token(String value, Instant renewAt, @Nullable String refresh) {
  private static final Duration LONGEST_MARGIN = Duration.ofSeconds(30);

  static Token of(String value, Instant asked, Duration lifetime, @Nullable String refresh) {
    Duration tenth = lifetime.dividedBy(10);
    Duration margin = tenth.compareTo(LONGEST_MARGIN) < 0 ? tenth : LONGEST_MARGIN;
    return new Token(value, asked.plus(lifetime).minus(margin), refresh);
  }

  Authorization authorization() {
    return new Authorization("Bearer", value);
  }

  @Override
  public String toString() {
    return "Token[*** until " + renewAt + "]";
  }
}
