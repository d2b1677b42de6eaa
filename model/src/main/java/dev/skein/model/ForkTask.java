package dev.skein.model;

import java.util.List;

/// Runs tasks at once.
///
/// @param compete whether the first to complete wins and the others are cancelled
public record ForkTask(TaskBase base, List<Task> branches, boolean compete) implements Task {}
