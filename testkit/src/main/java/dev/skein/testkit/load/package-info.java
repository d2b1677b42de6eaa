/// Load tests of systems that workflows call.
@NullMarked
package dev.skein.testkit.load;

import org.jspecify.annotations.NullMarked;
