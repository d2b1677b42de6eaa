/// OpenAPI documents: what operations an API has, and the requests that call them.
@NullMarked
package dev.skein.connectors.openapi;

import org.jspecify.annotations.NullMarked;
