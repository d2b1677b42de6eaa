package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials.Draft;
import dev.skein.connectors.http.Credentials.Proof;
import dev.skein.connectors.http.HttpCallException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A signature over parts of the request with a secret that both sides have (RFC 2104).
///
/// What is signed are the bytes of the `parts`, in their order, with the `separator` between each
/// two. The signature goes out in `header`, after `prefix`. A call that sets that header itself
/// goes out as it is.
record Hmac(Algorithm algorithm, Key key, Form form, List<Part> parts) implements Policy {
  enum Algorithm {
    SHA256,
    SHA512
  }

  enum Format {
    HEX,
    BASE64
  }

  record Key(String secret) {
    @Override
    public String toString() {
      return "Key[***]";
    }
  }

  /// How it is written.
  ///
  /// @param timestampHeader where the time goes that is signed
  record Form(
      String header, Format format, String prefix, String separator, String timestampHeader) {}

  /// One thing that is signed.
  sealed interface Part {
    /// In capitals.
    record Method() implements Part {}

    /// Encoded as in the request line, without the query.
    record Path() implements Part {}

    /// Encoded as in the request line, without the question mark; empty if there is none.
    record Query() implements Part {}

    /// The time of signing, in seconds since 1970.
    record Timestamp() implements Part {}

    /// The time of signing as the header `Date` says it (RFC 9110, 5.6.7).
    record Date() implements Part {}

    /// The bytes as they are sent; none if there is no body.
    record Body() implements Part {}

    /// The value of a header of the call, without the blanks around it.
    record Header(String name) implements Part {}
  }

  private static final List<String> USUAL = List.of("timestamp", "body");
  private static final String HEADER = "header:";
  // always two digits for the day, which RFC_1123_DATE_TIME has not
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  static Hmac of(Properties of) throws HttpCallException {
    String secret = of.required("secret");
    if (secret.isEmpty()) {
      throw HttpCallException.configuration("'secret' of the authentication 'hmac' is empty");
    }
    List<String> names = of.list("signed");
    List<Part> parts = new ArrayList<>();
    for (String name : names.isEmpty() ? USUAL : names) {
      parts.add(part(name));
    }
    return new Hmac(
        of.choice("algorithm", Algorithm.class, Algorithm.SHA256),
        new Key(secret),
        new Form(
            of.optional("header", "X-Signature"),
            of.choice("format", Format.class, Format.HEX),
            of.optional("prefix", ""),
            of.optional("separator", "."),
            of.optional("timestampHeader", "X-Timestamp")),
        List.copyOf(parts));
  }

  private static Part part(String name) throws HttpCallException {
    return switch (name) {
      case "method" -> new Part.Method();
      case "path" -> new Part.Path();
      case "query" -> new Part.Query();
      case "timestamp" -> new Part.Timestamp();
      case "date" -> new Part.Date();
      case "body" -> new Part.Body();
      default -> {
        if (name.startsWith(HEADER) && name.length() > HEADER.length()) {
          yield new Part.Header(name.substring(HEADER.length()));
        }
        throw HttpCallException.configuration(
            "'signed' of the authentication 'hmac' knows method, path, query, timestamp, date, body"
                + " and header:NAME, but not '%s'".formatted(name));
      }
    };
  }

  Proof sign(Draft request, Instant now) throws HttpCallException {
    if (request.has(form.header)) {
      return Proof.NONE;
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    var text = new ByteArrayOutputStream();
    byte[] separator = utf8(form.separator);
    for (int i = 0; i < parts.size(); i++) {
      text.writeBytes(i == 0 ? new byte[0] : separator);
      text.writeBytes(bytes(parts.get(i), request, now, headers));
    }
    byte[] signature = Macs.hmac("Hmac" + algorithm, utf8(key.secret), text.toByteArray());
    String written =
        switch (form.format) {
          case HEX -> HexFormat.of().formatHex(signature);
          case BASE64 -> Base64.getEncoder().encodeToString(signature);
        };
    headers.put(form.header, form.prefix + written);
    return Proof.of(headers);
  }

  /// @param headers those that the other side needs to check it are added
  private byte[] bytes(Part part, Draft request, Instant now, Map<String, String> headers)
      throws HttpCallException {
    String target = request.target();
    int query = target.indexOf('?');
    return switch (part) {
      case Part.Method _ -> utf8(request.method());
      case Part.Path _ -> utf8(query < 0 ? target : target.substring(0, query));
      case Part.Query _ -> utf8(query < 0 ? "" : target.substring(query + 1));
      case Part.Timestamp _ -> {
        headers.put(form.timestampHeader, Long.toString(now.getEpochSecond()));
        yield utf8(Long.toString(now.getEpochSecond()));
      }
      case Part.Date _ -> {
        headers.put("Date", DATE.format(now));
        yield utf8(DATE.format(now));
      }
      case Part.Body _ -> request.body();
      case Part.Header header -> {
        String value = request.headers().get(header.name);
        if (value == null) {
          throw HttpCallException.configuration(
              "The authentication 'hmac' signs the header %s, which the call does not have"
                  .formatted(header.name));
        }
        yield utf8(value.strip());
      }
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
