package dev.skein.connectors.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import dev.skein.model.ProtoFiles;
import dev.skein.model.ProtoSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Compiles .proto files, and keeps the results used last, by the files' content. Thread-safe: its
/// own lock guards what it keeps.
public final class ProtoCompiler {
  private static final long MOST_KEPT_CHARS = 16L * 1024 * 1024;

  /// The parser compares each type with all before it.
  private static final int MOST_TYPES = 20_000;

  private static final Pattern TYPE = Pattern.compile("\\b(?:message|enum|service|rpc|extend)\\b");

  private final Map<ProtoFiles, Services> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptChars;

  /// What the files describe, or what is wrong with them.
  public ProtoSyntax.Judgement judge(ProtoFiles files) {
    try {
      return new ProtoSyntax.Judgement.Valid(services(files));
    } catch (InvalidProto e) {
      return new ProtoSyntax.Judgement.Invalid(e.mistake());
    }
  }

  Services services(ProtoFiles files) throws InvalidProto {
    synchronized (kept) {
      Services known = kept.get(files);
      if (known != null) {
        return known;
      }
    }
    // two at a time may compile the same: none waits for the other's large files
    var compiled = new Services(new Compilation(files).main());
    synchronized (kept) {
      keptChars += kept.put(files, compiled) == null ? chars(files) : 0;
      Iterator<ProtoFiles> oldestFirst = kept.keySet().iterator();
      while (keptChars > MOST_KEPT_CHARS && kept.size() > 1) {
        keptChars -= chars(oldestFirst.next());
        oldestFirst.remove();
      }
    }
    return compiled;
  }

  private static long chars(ProtoFiles files) {
    return files.texts().values().stream().mapToLong(String::length).sum();
  }

  /// Links the files of one proto, imports first. Used once.
  private static final class Compilation {
    private final ProtoFiles files;
    private final Map<String, FileDescriptor> done = new HashMap<>();
    private final Set<String> underWay = new LinkedHashSet<>();

    Compilation(ProtoFiles files) {
      this.files = files;
    }

    FileDescriptor main() throws InvalidProto {
      return file(files.main());
    }

    /// Recursion ends: the reader bounds the number of files.
    private FileDescriptor file(String name) throws InvalidProto {
      FileDescriptor known = done.get(name);
      if (known != null) {
        return known;
      }
      if (!underWay.add(name)) {
        throw new InvalidProto(
            "'%s' is imported by a file that it imports itself: %s"
                .formatted(name, String.join(" → ", underWay) + " → " + name));
      }
      FileDescriptorProto translated = translated(name, parsed(name, text(name)));
      FileDescriptor[] imports = new FileDescriptor[translated.getDependencyCount()];
      for (int i = 0; i < imports.length; i++) {
        imports[i] = file(translated.getDependency(i));
      }
      FileDescriptor linked = linked(translated, imports);
      underWay.remove(name);
      done.put(name, linked);
      return linked;
    }

    private static FileDescriptorProto translated(String name, ProtoFileElement parsed)
        throws InvalidProto {
      try {
        return FileTranslation.of(name, parsed);
      } catch (IllegalArgumentException e) {
        throw new InvalidProto("%s is no valid proto: %s".formatted(name, e.getMessage()), e);
      }
    }

    private static FileDescriptor linked(FileDescriptorProto file, FileDescriptor[] imports)
        throws InvalidProto {
      try {
        return FileDescriptor.buildFrom(file, imports);
      } catch (DescriptorValidationException | IllegalArgumentException e) {
        throw new InvalidProto(
            "%s is no valid proto: %s".formatted(file.getName(), e.getMessage()), e);
      }
    }

    private static ProtoFileElement parsed(String name, String text) throws InvalidProto {
      if (TYPE.matcher(text).results().skip(MOST_TYPES).findAny().isPresent()) {
        throw new InvalidProto(
            "%s has more than %,d messages, enums and methods".formatted(name, MOST_TYPES));
      }
      try {
        return new ProtoParser(Location.get(name), text.toCharArray()).readProtoFile();
      } catch (RuntimeException e) { // the parser throws what comes to hand
        throw new InvalidProto("%s is no valid proto: %s".formatted(name, e.getMessage()), e);
      }
    }

    private String text(String name) throws InvalidProto {
      String text = files.texts().get(name);
      if (text == null && ProtoFiles.isOfTheLibrary(name)) {
        text = ofTheLibrary(name);
      }
      if (text == null) {
        throw new InvalidProto("there is no file '%s' to import".formatted(name));
      }
      return text;
    }

    /// The libraries bring the texts of their own files along.
    private static @Nullable String ofTheLibrary(String name) {
      try (InputStream in = FileDescriptor.class.getClassLoader().getResourceAsStream(name)) {
        return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException("the library's " + name + " cannot be read", e);
      }
    }
  }

  /// All files that one brings with it.
  static List<FileDescriptor> all(FileDescriptor main) {
    var all = new LinkedHashSet<FileDescriptor>();
    gather(main, all);
    return List.copyOf(all);
  }

  private static void gather(FileDescriptor file, Set<FileDescriptor> into) {
    if (into.add(file)) {
      file.getDependencies().forEach(imported -> gather(imported, into));
    }
  }
}
