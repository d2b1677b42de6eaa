/// A real PostgreSQL for tests.
@NullMarked
package dev.skein.testkit.postgres;

import org.jspecify.annotations.NullMarked;
