package dev.skein.supervision.alert;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// When somebody should be told of how everything is.
///
/// @param name unique
/// @param holding how long the condition must hold without a break before the alert fires
/// @param window how far back what it compares with lies
/// @param repeat after which time those who were told are told again while it fires; null for never
/// @param eachNode whether every node asks for itself; else one asks for all
/// @param channels whom to tell: `{webhook}`, `{email}`, `{command}` or `{workflow}` each
public record AlertRule(
    String name,
    Severity severity,
    Duration holding,
    Duration window,
    @Nullable Duration repeat,
    boolean eachNode,
    List<JsonNode> channels,
    Condition condition) {
  public AlertRule {
    channels = List.copyOf(channels);
  }

  /// How soon somebody should look.
  public enum Severity {
    INFO,
    WARNING,
    CRITICAL
  }

  /// What a rule asks.
  @FunctionalInterface
  public interface Condition {
    /// @param before how it was the rule's window ago, or as long ago as is known
    /// @throws RuntimeException if that cannot be told
    Judgement judge(JsonNode now, JsonNode before);
  }

  /// @param summary one sentence for people
  public record Judgement(boolean holds, String summary) {}
}
