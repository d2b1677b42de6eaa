package dev.skein.model;

/// Sends an HTTP request.
public record CallHttpTask(TaskBase base, HttpArguments with) implements Task {}
