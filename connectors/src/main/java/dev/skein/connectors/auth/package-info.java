/// The authentication policies of the language and of {@code skein.yaml}, put into practice.
///
/// Read {@link dev.skein.connectors.auth.Authorizer} first: it reads a {@code Policy}, makes the
/// call with it and once more after a 401. Digest has its {@code Challenge} and {@code
/// DigestSession}; OAuth2 and OpenID Connect have {@code Tokens}, which keeps what {@code
/// TokenEndpoint} fetches. {@code Hmac} and {@code SigV4} sign the finished request, anew for each
/// attempt; {@code MutualTls} gives the connections a certificate.
@NullMarked
package dev.skein.connectors.auth;

import org.jspecify.annotations.NullMarked;
