package dev.skein.cli;

import picocli.CommandLine.IVersionProvider;

/// What `skein --version` prints.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"skein " + (version == null ? "development" : version)};
  }
}
