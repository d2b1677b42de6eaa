/// Tests of workflows as files: what goes in, who answers, and what is to come of it.
@NullMarked
package dev.skein.testkit.scenario;

import org.jspecify.annotations.NullMarked;
