package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads what the command line names.
final class Files {
  private Files() {}

  static String text(Path file) {
    try {
      if (java.nio.file.Files.isDirectory(file)) {
        throw new Failures.Usage(file + " is a directory, not a file");
      }
      return java.nio.file.Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new Failures.Usage("there is no file " + file);
    } catch (AccessDeniedException e) {
      throw new Failures.Usage("the file " + file + " may not be read");
    } catch (MalformedInputException e) {
      throw new Failures.Usage("the file " + file + " is not UTF-8 text");
    } catch (IOException e) {
      throw new Failures.Usage("the file " + file + " cannot be read: " + e.getMessage());
    }
  }

  /// JSON given as `--input`: the value itself, or `@file`; null if none was given.
  static JsonNode input(@Nullable String given) {
    if (given == null) {
      return Json.NODES.objectNode();
    }
    boolean fromFile = given.startsWith("@");
    String text = fromFile ? text(Path.of(given.substring(1))) : given;
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      String place =
          e.getLocation() == null
              ? ""
              : " at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new Failures.Usage(
          "the input%s is not JSON: %s%s"
              .formatted(
                  fromFile ? " in " + given.substring(1) : "", e.getOriginalMessage(), place));
    }
  }
}
