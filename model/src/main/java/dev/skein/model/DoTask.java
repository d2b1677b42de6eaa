package dev.skein.model;

import java.util.List;

/// Runs tasks one after the other.
public record DoTask(TaskBase base, List<Task> tasks) implements Task {}
