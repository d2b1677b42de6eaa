package dev.skein.connectors.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a content-type says of how a body is read and written.
///
/// @param name type and subtype in lower case, empty if none was given
/// @param parameters by their names in lower case, unquoted
public record MediaType(String name, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([^\\s;=\"]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^;\"]*+))");

  public MediaType {
    parameters = Map.copyOf(parameters);
  }

  public static MediaType parse(@Nullable String contentType) {
    if (contentType == null) {
      return new MediaType("", Map.of());
    }
    int end = contentType.indexOf(';');
    String name = end < 0 ? contentType : contentType.substring(0, end);
    var parameters = new TreeMap<String, String>();
    Matcher parameter = PARAMETER.matcher(contentType);
    for (int at = Math.max(end, 0); parameter.find(at); at = parameter.end()) {
      String value =
          parameter.group(2) == null
              ? parameter.group(3).strip()
              : parameter.group(2).replaceAll("\\\\(.)", "$1");
      parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
    }
    return new MediaType(name.strip().toLowerCase(Locale.ROOT), parameters);
  }

  /// UTF-8 unless another is named: a charset nobody knows must not lose an answer that is there.
  public Charset charset() {
    try {
      return Charset.forName(parameters.getOrDefault("charset", "UTF-8"));
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }

  boolean namesItsCharset() {
    return parameters.containsKey("charset");
  }

  public boolean isJson() {
    return name.equals("application/json") || name.equals("text/json") || name.endsWith("+json");
  }

  public boolean isText() {
    return name.startsWith("text/");
  }

  public boolean isProblem() {
    return name.equals("application/problem+json");
  }

  boolean isForm() {
    return name.equals("application/x-www-form-urlencoded");
  }

  boolean isMultipart() {
    return name.startsWith("multipart/");
  }

  boolean isMultipartForm() {
    return name.equals("multipart/form-data");
  }

  /// Pages are text, in whatever syntax they are written.
  boolean isXml() {
    return name.equals("application/xml")
        || name.equals("text/xml")
        || (name.endsWith("+xml") && !name.equals("application/xhtml+xml"));
  }

  boolean isCsv() {
    return name.equals("text/csv");
  }

  /// Whether it says nothing but that there are bytes.
  boolean isBytes() {
    return name.equals("application/octet-stream");
  }
}
