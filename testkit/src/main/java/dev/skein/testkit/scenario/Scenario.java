package dev.skein.testkit.scenario;

import dev.skein.connectors.format.WrittenBody;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A file of cases for one workflow.
///
/// @param file it stands in; paths in it are relative to its folder
/// @param also other workflows that are deployed beside it
/// @param config the settings of the project; null for none
public record Scenario(
    Path file, Path workflow, List<Path> also, @Nullable Path config, List<Case> cases) {

  /// One run of the workflow.
  ///
  /// @param now when it starts
  /// @param secrets by their names
  /// @param peers by the host, with its port if that is not the usual one
  public record Case(
      String name,
      Instant now,
      JsonNode input,
      Map<String, String> secrets,
      Map<String, Peer> peers,
      List<Sent> events,
      Expectation expect) {}

  /// Who stands in for a host.
  ///
  /// @param cassette a file with what the host itself has answered; null for none
  /// @param rules the first that fits a request answers it
  public record Peer(
      boolean down, @Nullable Path cassette, List<Rule> rules, Disturbance disturbance) {}

  /// @param request `METHOD /path`; `*` stands for a part of a segment, `**` for any rest
  /// @param body what the request's must have, other members aside; null for any
  /// @param times how many requests it answers; 0 for any number
  public record Rule(String request, @Nullable JsonNode body, int times, Answer answer) {}

  /// What a request gets.
  public record Answer(
      Duration delay,
      @Nullable Failure failure,
      int status,
      Map<String, String> headers,
      @Nullable WrittenBody body) {}

  /// How a connection fails.
  public enum Failure {
    /// It is closed before there is an answer.
    RESET,
    /// It is closed in the middle of the answer.
    CUT,
    /// There is no answer for as long as the case lasts.
    HANG,
    /// What comes is not what its content type says.
    GARBAGE
  }

  /// What goes wrong at random, on top of everything: shares from 0 to 1.
  public record Disturbance(Duration latency, double errors, double resets, long seed) {
    public static final Disturbance NONE = new Disturbance(Duration.ZERO, 0, 0, 0);
  }

  /// An event from outside.
  ///
  /// @param after the beginning
  public record Sent(Duration after, JsonNode event) {}

  /// What is to come of it; null where nothing is said.
  ///
  /// @param error members that the problem details have
  /// @param that expressions that hold of `{status, output, error, calls, took}`, where `took` is
  ///   in seconds
  /// @param calls all requests in order, each `METHOD host/path`
  /// @param within how long it may take, in its own time
  public record Expectation(
      String status,
      @Nullable JsonNode output,
      @Nullable JsonNode error,
      List<String> that,
      @Nullable List<String> calls,
      @Nullable Duration within) {}
}
