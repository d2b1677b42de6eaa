package dev.skein.model;

import tools.jackson.databind.JsonNode;

/// Publishes an event.
///
/// @param event the attributes of the CloudEvent: an object of templates
public record EmitTask(TaskBase base, JsonNode event) implements Task {}
