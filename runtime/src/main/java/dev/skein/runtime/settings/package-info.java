/// The settings file of a project, `skein.yaml`.
@NullMarked
package dev.skein.runtime.settings;

import org.jspecify.annotations.NullMarked;
