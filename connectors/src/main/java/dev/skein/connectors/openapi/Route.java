package dev.skein.connectors.openapi;

import java.util.Map;

/// The operation that a request is of.
///
/// @param parameters what the names in its path stand for, decoded
public record Route(Operation operation, Map<String, String> parameters) {}
