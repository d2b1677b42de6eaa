/// The port to durable storage: what a store keeps, and the changes it commits atomically.
@NullMarked
package dev.skein.kernel.store;

import org.jspecify.annotations.NullMarked;
