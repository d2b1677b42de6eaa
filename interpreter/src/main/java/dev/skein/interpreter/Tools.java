package dev.skein.interpreter;

/// What all runs of a definition share.
record Tools(Templates templates, Schemas schemas, EventConditions conditions, Ports ports) {}
