/// What is remembered of a run: journal entries, and their compact, versioned encoding.
@NullMarked
package dev.skein.kernel.journal;

import org.jspecify.annotations.NullMarked;
