/// What tests of Skein and of workflows stand on: a virtual clock, a faulty store, seeds.
@NullMarked
package dev.skein.testkit;

import org.jspecify.annotations.NullMarked;
