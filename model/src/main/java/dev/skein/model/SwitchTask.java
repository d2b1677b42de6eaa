package dev.skein.model;

import java.util.List;

/// Chooses where to go by the first case that matches.
public record SwitchTask(TaskBase base, List<Case> cases) implements Task {}
