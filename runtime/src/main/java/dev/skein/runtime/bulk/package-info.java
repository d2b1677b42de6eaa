/// One thing done to many runs.
@NullMarked
package dev.skein.runtime.bulk;

import org.jspecify.annotations.NullMarked;
