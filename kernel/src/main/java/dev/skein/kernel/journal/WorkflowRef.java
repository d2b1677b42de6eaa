package dev.skein.kernel.journal;

/// The identity of one immutable workflow definition, written `namespace/name:version`.
public record WorkflowRef(String namespace, String name, String version) {
  @Override
  public String toString() {
    return namespace + "/" + name + ":" + version;
  }
}
