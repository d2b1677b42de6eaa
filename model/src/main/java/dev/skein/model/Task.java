package dev.skein.model;

/// One step of a workflow.
public sealed interface Task
    permits DoTask,
        SetTask,
        SwitchTask,
        ForTask,
        ForkTask,
        TryTask,
        RaiseTask,
        WaitTask,
        CallHttpTask,
        CallGrpcTask,
        CallOpenApiTask,
        CallFunctionTask,
        CallOtherTask,
        EmitTask,
        ListenTask,
        RunTask {
  TaskBase base();

  default String name() {
    return base().name();
  }

  default String reference() {
    return base().reference();
  }
}
