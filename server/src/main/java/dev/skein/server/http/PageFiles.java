package dev.skein.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/// Files of pages from the class path, each read once. A page asks nobody but this server, and
/// brings no script or style inside of it. Thread-safe.
public final class PageFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer");

  private final Class<?> beside;
  private final Map<String, Answer> known = new ConcurrentHashMap<>();

  /// @param beside the class in whose package they are
  public PageFiles(Class<?> beside) {
    this.beside = beside;
  }

  /// @param name relative to the package, or absolute
  /// @throws Refusal 404 if there is none
  public Answer file(String name) {
    return known.computeIfAbsent(name, _ -> of(name, resource(name)));
  }

  /// A file of a library from a WebJar.
  ///
  /// @param group of the WebJar: `org.webjars`
  public Answer library(String group, String library, String name) {
    String root = "/META-INF/resources/webjars/" + library + "/";
    return file(root + version(group, library) + "/" + name);
  }

  /// A file that is made.
  public static Answer of(String name, byte[] content) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    return new Answer(200, Map.of("Content-Type", Objects.requireNonNull(type, name)), content)
        .with(HEADERS)
        .tagged();
  }

  /// That on the class path, which is part of its paths.
  private String version(String group, String library) {
    String jar = "/META-INF/maven/%s/%s/pom.properties".formatted(group, library);
    var properties = new Properties();
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(jar), jar)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(properties.getProperty("version"), library);
  }

  private byte[] resource(String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw Refusal.notFound("there is no such file");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
