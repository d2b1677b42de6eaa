/// The encrypted store of secrets: a file in the data directory, locked with a key outside of it.
///
/// Read {@link dev.skein.runtime.secret.SecretStore} first. A {@code MasterKey} locks a {@code
/// DataKey}, which seals the secrets in the {@code SealedFile}.
@NullMarked
package dev.skein.runtime.secret;

import org.jspecify.annotations.NullMarked;
