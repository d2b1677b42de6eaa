package dev.skein.server.access;

import dev.skein.runtime.access.Principal;
import java.util.function.BooleanSupplier;

/// Somebody who has shown who they are.
///
/// @param counts whether what they have shown still counts: not revoked, not expired, not logged
///   out. Asked again and again while events are told to them, so it must be quick; throws what the
///   store does if that cannot be found out
record Identity(Principal principal, BooleanSupplier counts) {}
