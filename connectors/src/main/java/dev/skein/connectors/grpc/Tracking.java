package dev.skein.connectors.grpc;

import dev.skein.connectors.http.HttpCallException.Reach;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/// How far a call has come, as its transport tells it. Thread-safe.
final class Tracking extends ClientStreamTracer.Factory {
  private volatile Reach reach = Reach.NOT_SENT;

  Reach reach() {
    return reach;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    // also for a repetition by the channel itself: the server said that it did not begin
    reach = Reach.NOT_SENT;
    return new ClientStreamTracer() {
      @Override
      public void outboundHeaders() {
        reach = Reach.NO_ANSWER;
      }

      @Override
      public void inboundTrailers(Metadata trailers) {
        reach = Reach.ANSWERED;
      }
    };
  }
}
