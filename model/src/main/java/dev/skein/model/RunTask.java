package dev.skein.model;

/// Runs something outside of the workflow.
///
/// @param await whether its end is waited for
/// @param returns what the output is: `stdout`, `stderr`, `code`, `all` or `none`
public record RunTask(TaskBase base, RunTarget process, boolean await, String returns)
    implements Task {}
