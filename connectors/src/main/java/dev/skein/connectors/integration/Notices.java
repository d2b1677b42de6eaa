package dev.skein.connectors.integration;

/// Hears what somebody should know about an integration, though the call went well.
@FunctionalInterface
public interface Notices {
  Notices IGNORED = _ -> {};

  void tell(Notice notice);

  /// @param about the call: its method and address, without its query
  /// @param what a sentence
  record Notice(String integration, Kind kind, String about, String what) {}

  /// What it is about.
  enum Kind {
    /// The answer says that what was called is going away.
    DEPRECATED,
    /// A request or an answer is not what the contract says.
    CONTRACT
  }
}
