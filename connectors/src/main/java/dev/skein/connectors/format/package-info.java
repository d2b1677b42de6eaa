/// The formats of bodies: values as bytes of a media type, and back.
@NullMarked
package dev.skein.connectors.format;

import org.jspecify.annotations.NullMarked;
