/// The kernel's store on a SQL database.
@NullMarked
package dev.skein.store;

import org.jspecify.annotations.NullMarked;
