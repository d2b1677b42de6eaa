package dev.skein.connectors.grpc;

import java.io.IOException;

/// Text that refuses to grow beyond a limit, over all that it was used for: a few bytes of a
/// message may stand for many characters. Owned by one thread at a time.
final class BoundedText implements Appendable {
  private final StringBuilder text = new StringBuilder();
  private int left;

  /// Nothing more fits in.
  static final class Full extends IOException {
    private static final long serialVersionUID = 1L;
  }

  BoundedText(int chars) {
    this.left = chars;
  }

  /// Begins anew, with what is left.
  void clear() {
    text.setLength(0);
  }

  @Override
  public Appendable append(CharSequence more) throws IOException {
    take(more.length());
    text.append(more);
    return this;
  }

  @Override
  public Appendable append(CharSequence more, int start, int end) throws IOException {
    take(end - start);
    text.append(more, start, end);
    return this;
  }

  @Override
  public Appendable append(char c) throws IOException {
    take(1);
    text.append(c);
    return this;
  }

  private void take(int chars) throws Full {
    left -= chars;
    if (left < 0) {
      throw new Full();
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
