/// Calls of gRPC services that are known by their .proto files alone: no code is generated.
@NullMarked
package dev.skein.connectors.grpc;

import org.jspecify.annotations.NullMarked;
