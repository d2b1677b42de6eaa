package dev.skein.model;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a workflow defines once and uses by name.
public record Use(
    Map<String, Task> functions,
    Map<String, RetryPolicy> retries,
    Map<String, JsonNode> errors,
    Map<String, Timeout> timeouts,
    Map<String, JsonNode> authentications,
    List<String> secrets) {}
