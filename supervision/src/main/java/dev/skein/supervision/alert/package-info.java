/// Rules about how everything is, and what happens while one holds: an alert that fires is a run,
/// and so is a silence, so that both survive any crash and are seen like all else.
@NullMarked
package dev.skein.supervision.alert;

import org.jspecify.annotations.NullMarked;
