package dev.skein.interpreter;

import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.kernel.Fault;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.journal.Failure;
import dev.skein.model.InvalidDuration;
import dev.skein.model.Problem;
import org.jspecify.annotations.Nullable;

/// Between errors of the language (problem details) and failures of the kernel, which carries them
/// unread.
public final class Problems {
  private Problems() {}

  public static Fault fault(Problem problem) {
    return fault(problem, false, null);
  }

  /// @param outcomeUnknown whether the effect may have happened all the same
  public static Fault fault(Problem problem, boolean outcomeUnknown, @Nullable Throwable cause) {
    String title = problem.title() == null ? problem.type() : problem.title();
    String message = problem.detail() == null ? title : title + ": " + problem.detail();
    return new Fault(
        new Failure(problem.type(), message, Json.payload(problem.toJson()), outcomeUnknown),
        cause);
  }

  /// The error of the language that the failure stands for.
  public static Problem problem(Failure failure) {
    return failure.details().size() > 0
        ? Problem.fromJson(Json.json(failure.details()))
        : Problem.Kind.RUNTIME.problem(failure.message());
  }

  /// Whatever went wrong in a task, as a fault that says where.
  static Fault at(String reference, RuntimeException thrown) {
    return switch (thrown) {
      case Fault fault -> {
        boolean known = fault.failure().type().equals(Fault.NOT_UNDONE);
        Problem problem = problem(fault.failure());
        yield known || problem.instance() != null
            ? fault
            : fault(problem.at(reference), fault.failure().outcomeUnknown(), fault);
      }
      case TimedOut timedOut ->
          fault(
              Problem.Kind.TIMEOUT.problem("it took longer than its timeout allows").at(reference),
              false,
              timedOut);
      case ExpressionException e ->
          fault(Problem.Kind.EXPRESSION.problem(message(e)).at(reference), false, e);
      case InvalidDuration e ->
          fault(Problem.Kind.EXPRESSION.problem(message(e)).at(reference), false, e);
      default -> throw thrown;
    };
  }

  /// The same for what may be no error of the language at all.
  static RuntimeException placed(String reference, RuntimeException thrown) {
    try {
      return at(reference, thrown);
    } catch (RuntimeException foreign) {
      return foreign;
    }
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }
}
