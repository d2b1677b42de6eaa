package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a {@link RunTask} runs. Strings may be templates.
public sealed interface RunTarget {
  /// A command for the shell.
  record Shell(String command, Surroundings surroundings) implements RunTarget {}

  /// Code for an interpreter of the host.
  ///
  /// @param code absent if it lies elsewhere and was not read
  /// @param source where it lies; absent if the code is written out
  record Script(
      String language,
      @Nullable String code,
      @Nullable ExternalResource source,
      Surroundings surroundings)
      implements RunTarget {}

  /// A container.
  ///
  /// @param ports an object: host port to container port
  /// @param volumes an object: host path to container path
  /// @param pullPolicy `ifNotPresent`, `always` or `never`
  /// @param cleanup `always`, `never` or `eventually`
  /// @param cleanupAfter a duration, where cleanup is `eventually`
  record Container(
      String image,
      @Nullable String name,
      @Nullable String command,
      @Nullable JsonNode ports,
      @Nullable JsonNode volumes,
      String pullPolicy,
      String cleanup,
      @Nullable JsonNode cleanupAfter,
      Surroundings surroundings)
      implements RunTarget {}

  /// Another workflow.
  ///
  /// @param version `latest` for the highest
  /// @param input any data with templates
  /// @param abandon whether its run goes on when this one ends
  record Workflow(
      String namespace, String name, String version, @Nullable JsonNode input, boolean abandon)
      implements RunTarget {}

  /// What a process finds.
  ///
  /// @param arguments an array
  /// @param environment an object
  record Surroundings(
      @Nullable JsonNode stdin, @Nullable JsonNode arguments, @Nullable JsonNode environment) {}
}
