package dev.skein.testkit;

import java.nio.file.Path;

class CrashMatrixTest extends CrashMatrix {
  @Override
  String newPlace(Path folder) {
    return folder.toString();
  }
}
