package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.model.Diagnostic;
import dev.skein.model.Reading;
import dev.skein.runtime.WorkflowText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// What there is to say about a workflow file.
record Remarks(Path file, String text, List<Diagnostic> diagnostics) {
  /// Errors and warnings.
  static Remarks on(Path file) {
    String text = Files.text(file);
    return of(file, text, WorkflowText.check(text, file)).withoutNotes();
  }

  static Remarks of(Path file, String text, Reading reading) {
    return new Remarks(
        file,
        text,
        switch (reading) {
          case Reading.Read(_, List<Diagnostic> remarks) -> remarks;
          case Reading.Refused(List<Diagnostic> mistakes) -> mistakes;
        });
  }

  Remarks withoutNotes() {
    return new Remarks(
        file,
        text,
        diagnostics.stream()
            .filter(diagnostic -> diagnostic.severity() != Diagnostic.Severity.NOTE)
            .toList());
  }

  boolean refused() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  void print(PrintWriter out) {
    diagnostics.forEach(diagnostic -> out.println(diagnostic.format(file.toString())));
  }

  ArrayNode json() {
    ArrayNode list = Json.NODES.arrayNode();
    for (Diagnostic diagnostic : diagnostics) {
      list.addObject()
          .put("file", file.toString())
          .put("line", diagnostic.line())
          .put("column", diagnostic.column())
          .put("path", diagnostic.path())
          .put("severity", diagnostic.severity().id())
          .put("code", diagnostic.code().id())
          .put("message", diagnostic.message())
          .put("hint", diagnostic.hint());
    }
    return list;
  }
}
