package dev.skein.model;

import java.util.Map;
import java.util.regex.Pattern;

/// A .proto file with all it imports, but for what comes from Google's library. None of them nests
/// deeper, and they are not more, than a parser can take.
///
/// @param main the name of the file that describes the service
/// @param texts by the name that an import gives, the main one included
public record ProtoFiles(String main, Map<String, String> texts) {
  private static final Pattern LIBRARY =
      Pattern.compile("google/(protobuf|api|rpc|type|longrunning)/[a-z_]+\\.proto");

  public ProtoFiles {
    texts = Map.copyOf(texts);
  }

  /// Whether a file of that name is not to be fetched: everybody has it.
  public static boolean isOfTheLibrary(String name) {
    return LIBRARY.matcher(name).matches();
  }
}
