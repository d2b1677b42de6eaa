package dev.skein.runtime.resource;

import dev.skein.kernel.journal.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Resources in files, relative to the folder of the definition's own.
///
/// @param folder null for a definition that came in no file: it may read none
record FileSource(@Nullable Path folder, int limitBytes) {

  Payload read(URI uri) throws Unavailable {
    Path file = path(uri);
    if (Files.isDirectory(file)) {
      throw new Unavailable("is a folder");
    }
    if (Files.notExists(file)) {
      throw new Unavailable("does not exist", "it would be the file " + file);
    }
    if (!Files.isRegularFile(file)) { // reading a pipe may never end
      throw new Unavailable("is no file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(limitBytes + 1);
      if (content.length > limitBytes) {
        throw Unavailable.tooLarge(limitBytes);
      }
      return Payload.of(content);
    } catch (IOException e) {
      throw new Unavailable("cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private Path path(URI uri) throws Unavailable {
    if (folder == null) {
      throw new Unavailable(
          "is in a file, and only a workflow that is deployed from a file may refer to others",
          "deploy it by 'skein deploy FILE', or publish the resource over http");
    }
    if (uri.getRawAuthority() != null) {
      throw new Unavailable(
          "names the host '" + uri.getRawAuthority() + "'",
          "write file:/folder/name, or a path relative to the workflow's file");
    }
    if (uri.isOpaque()) {
      throw new Unavailable("is no path", "write it without 'file:' if it is a relative one");
    }
    try {
      return folder.resolve(uri.getPath()).normalize();
    } catch (InvalidPathException e) {
      throw new Unavailable("is no path: " + e.getReason(), e);
    }
  }
}
