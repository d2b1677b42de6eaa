package dev.skein.kernel.store;

import java.time.Instant;

/// Somebody who has logged in, at whichever of the engines that share the store.
///
/// @param hash of what they show, in hexadecimal
/// @param holder who it is, in a form the layers above agree on
/// @param until when it ends, if nobody ends it sooner
public record StoredSession(String hash, String holder, Instant until) {}
