package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Tells of a failed request to an endpoint without telling a secret, even if the endpoint does.
///
/// Its failures never leave the outcome of the call unknown: the call itself was not sent yet.
///
/// @param who the start of a sentence
record Refusal(String who, List<String> secrets) {
  private static final int DETAIL_CHARS = 500;
  private static final Set<String> SECRET_PARAMETERS =
      Set.of(
          "assertion",
          "actor_token",
          "client_assertion",
          "client_secret",
          "password",
          "refresh_token",
          "subject_token",
          "token");

  static boolean isSecret(String parameter) {
    return SECRET_PARAMETERS.contains(parameter);
  }

  static HttpCallException authentication(String detail) {
    return new HttpCallException(
        Failure.of(Kind.AUTHENTICATION, 401, "Not authenticated", detail, false), null);
  }

  /// The server understood, and said no.
  HttpCallException refused(@Nullable JsonNode answer) {
    String error = answer == null ? "" : answer.path("error").asString("");
    String description = answer == null ? "" : answer.path("error_description").asString("");
    String reason =
        error.isEmpty()
            ? "it gave no reason"
            : description.isEmpty() ? error : error + " (" + description + ")";
    return authentication(who + " refused: " + excerpt(withoutSecrets(reason)));
  }

  HttpCallException failure(HttpCallException e) {
    boolean saysNo =
        e.reach() == HttpCallException.Reach.ANSWERED
            && (e.status() == 400 || e.status() == 401 || e.status() == 403);
    return saysNo ? refused(e.body()) : plain(e);
  }

  private HttpCallException plain(HttpCallException e) {
    String detail = e.body() == null ? withoutSecrets(e.detail()) : who + " answered " + e.status();
    return new HttpCallException(
        new Failure(
            e.kind(), e.status(), e.title(), detail, false, e.retryAfter(), null, null, null),
        e.getCause());
  }

  private String withoutSecrets(String text) {
    List<String> hidden =
        secrets.stream()
            .flatMap(it -> Stream.of(it, URLEncoder.encode(it, StandardCharsets.UTF_8)))
            .filter(it -> !it.isBlank())
            .distinct()
            // a secret may be part of another
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    String clean = text;
    for (String secret : hidden) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }

  private static String excerpt(String text) {
    return text.length() <= DETAIL_CHARS ? text : text.substring(0, DETAIL_CHARS - 1) + "…";
  }

  @Override
  public String toString() {
    return "Refusal[" + who + "]";
  }
}
