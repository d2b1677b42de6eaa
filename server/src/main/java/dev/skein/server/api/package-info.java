/// The REST API, one class for each kind of thing.
@NullMarked
package dev.skein.server.api;

import org.jspecify.annotations.NullMarked;
