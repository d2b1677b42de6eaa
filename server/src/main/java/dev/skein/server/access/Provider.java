package dev.skein.server.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.skein.server.http.Refusal;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who tells who somebody is: an issuer of tokens, with what it publishes of itself. Asked when it
/// is needed first, so that a server begins without it. Thread-safe.
final class Provider {
  private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
  static final int TIMEOUT_MILLIS = 5_000;

  /// Those whose keys an issuer can publish: a secret that both know is none of them.
  private static final Set<JWSAlgorithm> ALGORITHMS = new HashSet<>(JWSAlgorithm.Family.SIGNATURE);

  private final Issuer issuer;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Found found;

  /// @param keys kept for some minutes, and asked for again when a token names an unknown one
  record Found(OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys) {
    JWSKeySelector<SecurityContext> selector() {
      return new JWSVerificationKeySelector<>(ALGORITHMS, keys);
    }
  }

  Provider(String issuer) {
    this.issuer = new Issuer(issuer);
  }

  Issuer issuer() {
    return issuer;
  }

  /// @throws Refusal 503 if it cannot be asked
  Found found() {
    Found known = found;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      Found meanwhile = found;
      if (meanwhile == null) {
        OIDCProviderMetadata metadata =
            OIDCProviderMetadata.resolve(issuer, TIMEOUT_MILLIS, TIMEOUT_MILLIS);
        JWKSource<SecurityContext> keys =
            JWKSourceBuilder.<SecurityContext>create(metadata.getJWKSetURI().toURL())
                .retrying(true)
                .build();
        meanwhile = new Found(metadata, keys);
        found = meanwhile;
      }
      return meanwhile;
    } catch (GeneralException | IOException e) {
      throw away(e);
    } finally {
      lock.unlock();
    }
  }

  Refusal away(Exception why) {
    LOG.warn("the issuer {} cannot be asked who somebody is", issuer, why);
    return Refusal.of(
        503,
        "login-unavailable",
        "who somebody is cannot be found out now; try again, or use a key");
  }
}
