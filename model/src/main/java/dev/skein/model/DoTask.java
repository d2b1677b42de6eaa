package dev.skein.model;

import java.util.List;

/// Runs tasks in order.
public record DoTask(TaskBase base, List<Task> tasks) implements Task {}
