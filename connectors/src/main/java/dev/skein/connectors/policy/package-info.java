/// What is agreed with each outside system about the calls to it, as data.
@NullMarked
package dev.skein.connectors.policy;

import org.jspecify.annotations.NullMarked;
