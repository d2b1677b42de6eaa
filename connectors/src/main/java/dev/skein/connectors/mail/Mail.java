package dev.skein.connectors.mail;

import java.util.List;

/// A mail of plain text.
///
/// @param id the same however often it is sent, so that whoever gets it twice can tell
public record Mail(String from, List<String> to, String subject, String text, String id) {
  public Mail {
    to = List.copyOf(to);
  }
}
