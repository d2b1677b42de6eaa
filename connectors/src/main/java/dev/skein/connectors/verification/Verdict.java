package dev.skein.connectors.verification;

import java.util.List;

/// What came of one operation.
///
/// @param operation `METHOD /path`
/// @param id empty if it has none
/// @param remarks what deviates, or why it was not checked
/// @param requests how many were sent
public record Verdict(
    String operation, String id, Outcome outcome, List<String> remarks, int requests) {
  public Verdict {
    remarks = List.copyOf(remarks);
  }

  public enum Outcome {
    OK,
    DEVIATES,
    NOT_CHECKED
  }
}
