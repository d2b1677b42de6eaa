/// Workflows as HTTP APIs: requests become runs, runs become answers, and a document tells how to
/// call them.
@NullMarked
package dev.skein.server.published;

import org.jspecify.annotations.NullMarked;
