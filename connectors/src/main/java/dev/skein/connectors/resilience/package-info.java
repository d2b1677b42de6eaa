/// The parts of a call's policy that keep state between calls, each for itself: they know neither
/// HTTP nor each other, and time is given to them.
@NullMarked
package dev.skein.connectors.resilience;

import org.jspecify.annotations.NullMarked;
