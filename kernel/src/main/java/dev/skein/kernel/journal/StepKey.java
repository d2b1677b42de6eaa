package dev.skein.kernel.journal;

/// Names one unit of work inside a run, the same on every replay: the path of its scope, its name
/// there, and which time (from 1) that name was asked for in the scope. Written `/do/3/charge#2`.
public record StepKey(String scope, String name, int occurrence) {

  /// The path of something called `name` inside the scope `scope`.
  public static String join(String scope, String name) {
    return name.startsWith("/") ? scope + name : scope + "/" + name;
  }

  @Override
  public String toString() {
    String path = join(scope, name);
    return occurrence == 1 ? path : path + "#" + occurrence;
  }
}
