/// Which deployed workflow answers which HTTP request.
@NullMarked
package dev.skein.runtime.endpoint;

import org.jspecify.annotations.NullMarked;
