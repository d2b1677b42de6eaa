package dev.skein.model;

/// Calls an operation that an OpenAPI document describes.
public record CallOpenApiTask(TaskBase base, OpenApiArguments with) implements Task {}
