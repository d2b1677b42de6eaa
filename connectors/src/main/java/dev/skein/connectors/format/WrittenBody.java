package dev.skein.connectors.format;

/// A value as it goes out.
///
/// @param contentType as declared, with what the writing added to it
@SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
public record WrittenBody(byte[] bytes, String contentType) {}
