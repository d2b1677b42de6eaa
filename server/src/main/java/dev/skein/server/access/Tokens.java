package dev.skein.server.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.skein.runtime.access.Principal;
import dev.skein.runtime.settings.AuthSettings;
import java.text.ParseException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// JSON web tokens of an issuer that is trusted: signed by it, for this audience, not expired (RFC
/// 7519; access tokens also by RFC 9068). Thread-safe.
public final class Tokens {
  /// By so much clocks may differ: that long a token counts after its time.
  private static final int SKEW_SECONDS = DefaultJWTClaimsVerifier.DEFAULT_MAX_CLOCK_SKEW_SECONDS;

  private final AuthSettings.Jwt settings;
  private final Provider provider;

  public Tokens(AuthSettings.Jwt settings) {
    this.settings = settings;
    this.provider = new Provider(settings.issuer());
  }

  /// Null if it is not good.
  ///
  /// @throws dev.skein.server.http.Refusal 503 if the issuer's keys cannot be had
  @Nullable Identity who(String token) {
    try {
      JWTClaimsSet claims = processor().process(token, null);
      String name = "token " + claims.getSubject();
      var principal = new Principal(name, settings.roles().of(claims.getClaims()));
      Instant until = claims.getExpirationTime().toInstant().plusSeconds(SKEW_SECONDS);
      return new Identity(principal, () -> Instant.now().isBefore(until));
    } catch (ParseException | BadJOSEException e) {
      return null;
    } catch (JOSEException e) {
      throw provider.away(e);
    }
  }

  private DefaultJWTProcessor<SecurityContext> processor() {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(provider.found().selector());
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            settings.audience(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("sub", "exp")));
    return processor;
  }
}
