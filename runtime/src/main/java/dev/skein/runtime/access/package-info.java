/// Who may do what, and what was done: keys, roles, the audit log.
@NullMarked
package dev.skein.runtime.access;

import org.jspecify.annotations.NullMarked;
