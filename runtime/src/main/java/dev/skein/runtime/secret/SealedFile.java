package dev.skein.runtime.secret;

import dev.skein.interpreter.Json;
import dev.skein.runtime.secret.SecretException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is in the file of secrets. Names and times stand there in the clear.
///
/// @param masterKey the id of the one that it is locked with
/// @param dataKey locked
@SuppressWarnings("ArrayRecordComponent") // never compared
record SealedFile(String masterKey, byte[] dataKey, Map<String, Sealed> secrets) {
  record Sealed(Instant changed, byte[] value) {}

  private static final int FORMAT = 1;

  /// For files that nobody else may read.
  static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  SealedFile with(Map<String, Sealed> others) {
    return new SealedFile(masterKey, dataKey, others);
  }

  /// Null if there is none.
  static @Nullable SealedFile read(Path file) {
    try {
      return of(Json.parse(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return null;
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw new SecretException(
          Code.DAMAGED,
          file
              + " is not a file of secrets as this skein writes it; put back a copy, or remove it"
              + " and set the secrets again",
          e);
    } catch (IOException e) {
      throw inaccessible(file, e);
    }
  }

  private static SealedFile of(JsonNode json) {
    if (json.path("format").asInt(0) != FORMAT) {
      throw new IllegalArgumentException("an unknown format");
    }
    var secrets = new TreeMap<String, Sealed>();
    for (Map.Entry<String, JsonNode> secret : json.path("secrets").properties()) {
      JsonNode written = secret.getValue();
      Instant changed = Instant.parse(written.path("changed").asString(""));
      secrets.put(secret.getKey(), new Sealed(changed, bytes(written.path("sealed"))));
    }
    return new SealedFile(
        json.path("masterKey").asString(""), bytes(json.path("dataKey")), secrets);
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.asString(""));
  }

  /// Puts this in the place of what was there: whoever reads finds the one or the other, whole,
  /// also after a crash. Only one at a time may write.
  void replace(Path file) {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      // one that was left behind may be of another mode
      Files.deleteIfExists(beside);
      try (FileChannel channel =
          FileChannel.open(
              beside,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              OWNER_ONLY)) {
        write(channel, ByteBuffer.wrap(json().getBytes(StandardCharsets.UTF_8)));
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      syncFolder(file);
    } catch (IOException e) {
      throw inaccessible(file, e);
    }
  }

  private String json() {
    Base64.Encoder base64 = Base64.getEncoder();
    ObjectNode json = Json.NODES.objectNode();
    json.put("format", FORMAT).put("masterKey", masterKey);
    json.put("dataKey", base64.encodeToString(dataKey));
    ObjectNode all = json.putObject("secrets");
    secrets.forEach((name, secret) ->
        all.putObject(name)
            .put("changed", secret.changed.toString())
            .put("sealed", base64.encodeToString(secret.value)));
    return Json.pretty(json) + "\n";
  }

  static void write(FileChannel channel, ByteBuffer content) throws IOException {
    while (content.hasRemaining()) {
      var _ = channel.write(content);
    }
    channel.force(true);
  }

  /// A file's new name is durable when its folder is.
  private static void syncFolder(Path file) throws IOException {
    if (OWNER_ONLY.length > 0) {
      try (FileChannel folder =
          FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  static SecretException inaccessible(Path file, IOException e) {
    return new SecretException(
        Code.INACCESSIBLE,
        "%s cannot be used: %s %s".formatted(file, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
