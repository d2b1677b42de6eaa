package dev.skein.model;

import java.util.List;

/// Runs tasks and handles their errors.
public record TryTask(TaskBase base, List<Task> tasks, Catch handler) implements Task {}
