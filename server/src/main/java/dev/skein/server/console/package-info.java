/// The console: pages that show people what the API tells programs.
@NullMarked
package dev.skein.server.console;

import org.jspecify.annotations.NullMarked;
