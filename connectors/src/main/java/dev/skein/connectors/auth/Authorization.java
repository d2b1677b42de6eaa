package dev.skein.connectors.auth;

/// What a call was authorized with: the two parts of its `Authorization` header, which a workflow
/// sees as `$authorization`. `toString` shows no secret.
///
/// @param scheme such as `Basic`, `Bearer`, `Digest`
/// @param parameter what follows the scheme; empty where only a server's challenge can tell it
public record Authorization(String scheme, String parameter) {
  static Authorization of(String header) {
    int space = header.indexOf(' ');
    return space < 0
        ? new Authorization(header, "")
        : new Authorization(header.substring(0, space), header.substring(space + 1));
  }

  String header() {
    return scheme + " " + parameter;
  }

  @Override
  public String toString() {
    return "Authorization[" + scheme + " ***]";
  }
}
