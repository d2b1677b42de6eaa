package dev.skein.runtime.graph;

import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallGrpcTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.CallOpenApiTask;
import dev.skein.model.CallOtherTask;
import dev.skein.model.DoTask;
import dev.skein.model.EmitTask;
import dev.skein.model.ForTask;
import dev.skein.model.ForkTask;
import dev.skein.model.ListenTask;
import dev.skein.model.RaiseTask;
import dev.skein.model.RunTask;
import dev.skein.model.SetTask;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.TryTask;
import dev.skein.model.WaitTask;

/// What a node is: its class in the SVG, the word shown, and a color that reads on light and on
/// dark ground.
enum Kind {
  DO("do", "DO", "#64748b"),
  SET("set", "SET", "#0d9488"),
  SWITCH("switch", "SWITCH", "#d97706"),
  FOR("for", "FOR", "#7c3aed"),
  FORK("fork", "FORK", "#2563eb"),
  TRY("try", "TRY", "#16a34a"),
  CATCH("catch", "CATCH", "#dc2626"),
  RAISE("raise", "RAISE", "#dc2626"),
  WAIT("wait", "WAIT", "#a16207"),
  HTTP("http", "HTTP", "#0284c7"),
  CALL("call", "CALL", "#db2777"),
  EMIT("emit", "EMIT", "#c026d3"),
  LISTEN("listen", "LISTEN", "#9333ea"),
  RUN("run", "RUN", "#4f46e5"),
  FUNCTIONS("functions", "FUNCTIONS", "#64748b");

  final String styleClass;
  final String word;
  final String color;

  Kind(String styleClass, String word, String color) {
    this.styleClass = styleClass;
    this.word = word;
    this.color = color;
  }

  static Kind of(Task task) {
    return switch (task) {
      case DoTask _ -> DO;
      case SetTask _ -> SET;
      case SwitchTask _ -> SWITCH;
      case ForTask _ -> FOR;
      case ForkTask _ -> FORK;
      case TryTask _ -> TRY;
      case RaiseTask _ -> RAISE;
      case WaitTask _ -> WAIT;
      case CallHttpTask _ -> HTTP;
      case CallGrpcTask _, CallOpenApiTask _, CallFunctionTask _, CallOtherTask _ -> CALL;
      case EmitTask _ -> EMIT;
      case ListenTask _ -> LISTEN;
      case RunTask _ -> RUN;
    };
  }
}
