package dev.skein.model;

import org.jspecify.annotations.Nullable;

/// Waits for events.
///
/// @param read `data`, `envelope` or `raw`
/// @param foreach what to do with each event; absent for nothing
public record ListenTask(TaskBase base, EventStrategy to, String read, @Nullable Foreach foreach)
    implements Task {}
