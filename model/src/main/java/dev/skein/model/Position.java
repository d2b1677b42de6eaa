package dev.skein.model;

/// Where something stands in a file, from 1.
public record Position(int line, int column) {}
