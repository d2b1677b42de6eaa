package dev.skein.model;

import java.util.List;

/// Runs branches side by side; with `compete` the first to complete wins.
public record ForkTask(TaskBase base, List<Task> branches, boolean compete) implements Task {}
