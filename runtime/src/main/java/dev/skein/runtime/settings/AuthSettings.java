package dev.skein.runtime.settings;

import dev.skein.model.Section;
import dev.skein.runtime.access.ClaimedRoles;
import dev.skein.runtime.access.Roles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `skein.yaml` says under `auth`: whose word counts besides the keys made here.
///
/// @param jwt for programs; null for keys alone
/// @param oidc for people; null for keys alone
public record AuthSettings(@Nullable Jwt jwt, @Nullable Oidc oidc) {
  public static final AuthSettings NONE = new AuthSettings(null, null);

  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s?#]+");
  private static final String ROLE = "(?:viewer|operator|developer|admin)";
  private static final String GRANT = ROLE + "(?:@(?:\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,62}))?";
  private static final Pattern GRANTS = Pattern.compile(GRANT + "(?:," + GRANT + ")*");
  private static final String USUAL_CLAIM = "groups";

  /// Tokens in the header `Authorization`.
  ///
  /// @param issuer whose they are, as they name it; it publishes its keys as OpenID Connect has it
  /// @param audience whom they must be for
  public record Jwt(String issuer, String audience, ClaimedRoles roles) {}

  /// A login by OpenID Connect.
  ///
  /// @param clientSecret the name of a secret; null for a public client
  /// @param redirect the address of this server's `/api/v1/session/oidc/callback`, as browsers see
  ///   it
  public record Oidc(
      String issuer,
      String clientId,
      @Nullable String clientSecret,
      String redirect,
      ClaimedRoles roles) {}

  static AuthSettings read(Section section) {
    return new AuthSettings(
        section.section("jwt", AuthSettings::jwt), section.section("oidc", AuthSettings::oidc));
  }

  private static Jwt jwt(Section section) {
    return new Jwt(address(section, "issuer"), section.requiredText("audience"), roles(section));
  }

  private static Oidc oidc(Section section) {
    return new Oidc(
        address(section, "issuer"),
        section.requiredText("clientId"),
        section.text("clientSecret"),
        address(section, "redirect"),
        roles(section));
  }

  private static String address(Section section, String name) {
    String address = section.requiredText(name);
    if (section.has(name) && !ADDRESS.matcher(address).matches()) {
      section.wrong(name, "'" + address + "' is no address", "write for example https://x.test");
    }
    return address;
  }

  private static ClaimedRoles roles(Section section) {
    ClaimedRoles roles = section.section("roles", AuthSettings::claimed);
    return Objects.requireNonNullElse(roles, new ClaimedRoles(USUAL_CLAIM, Map.of()));
  }

  private static ClaimedRoles claimed(Section section) {
    var grants = new LinkedHashMap<String, Roles>();
    section
        .textsByName("grants")
        .forEach((value, written) -> {
          if (GRANTS.matcher(written).matches()) {
            grants.put(value, Roles.parse(written));
          } else {
            section.wrong(
                "grants", "'" + written + "' is no role", "write for example operator@shop");
          }
        });
    return new ClaimedRoles(section.text("claim", USUAL_CLAIM), grants);
  }
}
