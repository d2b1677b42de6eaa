package dev.skein.connectors.process;

/// What a process left: its exit code and what it wrote, read as UTF-8.
///
/// @param code 0 to 255; 128 + n if signal n ended it
public record ProcessResult(int code, String stdout, String stderr) {}
