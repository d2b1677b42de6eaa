package dev.skein.model;

/// Calls a method of a gRPC service.
public record CallGrpcTask(TaskBase base, GrpcArguments with) implements Task {}
