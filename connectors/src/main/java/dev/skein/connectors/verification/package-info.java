/// Whether a live API keeps to its OpenAPI document.
@NullMarked
package dev.skein.connectors.verification;

import org.jspecify.annotations.NullMarked;
