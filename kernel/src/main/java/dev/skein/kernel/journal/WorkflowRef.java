package dev.skein.kernel.journal;

/// The identity of one immutable workflow definition, written `namespace/name:version`.
public record WorkflowRef(String namespace, String name, String version) {
  /// The name in all its versions: `namespace/name`.
  public String qualifiedName() {
    return namespace + "/" + name;
  }

  @Override
  public String toString() {
    return namespace + "/" + name + ":" + version;
  }
}
