/// HTTP calls: one request, one answer, and an exact account of what went wrong.
///
/// Read {@link dev.skein.connectors.http.HttpConnector} first. It checks the call ({@code
/// Request}), takes or opens a connection ({@code ConnectionPool}), lets Helidon write and parse
/// HTTP/1.1 on it ({@code Exchange}), and turns the {@code Answer} into an output or an error.
@NullMarked
package dev.skein.connectors.http;

import org.jspecify.annotations.NullMarked;
