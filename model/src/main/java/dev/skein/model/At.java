package dev.skein.model;

/// A value of the document and the JSON pointer that leads to it.
record At(Yaml yaml, String path) {

  /// Where something stands, in the text and in the document.
  record Place(Position position, String path) {}

  At child(String name, Yaml value) {
    return new At(value, path + "/" + escape(name));
  }

  At item(int index, Yaml value) {
    return new At(value, path + "/" + index);
  }

  /// A name as a segment of a JSON pointer (RFC 6901).
  static String escape(String name) {
    return name.indexOf('~') < 0 && name.indexOf('/') < 0
        ? name
        : name.replace("~", "~0").replace("/", "~1");
  }

  Position position() {
    return yaml.position();
  }
}
