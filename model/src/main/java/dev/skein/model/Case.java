package dev.skein.model;

import org.jspecify.annotations.Nullable;

/// A case of a {@link SwitchTask}.
///
/// @param when the condition; absent in the default case
public record Case(String name, @Nullable String when, Then then) {}
