/// What definitions refer to outside of themselves: fetched once, when they are deployed, and
/// pinned from then on. Start with [dev.skein.runtime.resource.FetchedResources].
@NullMarked
package dev.skein.runtime.resource;

import org.jspecify.annotations.NullMarked;
