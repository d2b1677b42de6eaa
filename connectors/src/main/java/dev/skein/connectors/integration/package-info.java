/// Calls under the policy of their integration.
@NullMarked
package dev.skein.connectors.integration;

import org.jspecify.annotations.NullMarked;
