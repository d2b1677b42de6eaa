/// What is measured of the coordinator, for Prometheus.
@NullMarked
package dev.skein.server.metrics;

import org.jspecify.annotations.NullMarked;
