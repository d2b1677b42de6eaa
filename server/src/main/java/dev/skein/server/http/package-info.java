/// Requests and answers as the rest of the server sees them; one class here knows the library that
/// serves them.
@NullMarked
package dev.skein.server.http;

import org.jspecify.annotations.NullMarked;
