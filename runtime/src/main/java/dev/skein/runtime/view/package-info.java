/// What a run has done, as its journal tells it: for people, other programs and traces.
@NullMarked
package dev.skein.runtime.view;

import org.jspecify.annotations.NullMarked;
