package dev.skein.runtime;

import org.jspecify.annotations.Nullable;

/// A workflow written in Java: a blocking function from input to output, both anything Jackson can
/// read and write as JSON. It may be run again from its start at any time, so it touches the
/// outside world only through the [WorkflowContext].
@FunctionalInterface
public interface JavaWorkflow<I extends @Nullable Object> {
  @Nullable Object run(WorkflowContext context, I input) throws Exception;
}
