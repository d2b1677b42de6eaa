package dev.skein.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.skein.interpreter.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.node.ObjectNode;

/// Each line of the log as a JSON object: `{time, level, logger, thread, message, run?, task?,
/// error?}`, and what else a line is given by name.
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("time", event.getInstant().toString())
        .put("level", event.getLevel().toString().toLowerCase(Locale.ROOT))
        .put("logger", event.getLoggerName())
        .put("thread", event.getThreadName())
        .put("message", event.getFormattedMessage());
    event.getMDCPropertyMap().forEach(json::put);
    List<KeyValuePair> named = event.getKeyValuePairs();
    if (named != null) {
      named.forEach(pair -> json.put(pair.key, String.valueOf(pair.value)));
    }
    if (event.getThrowableProxy() != null) {
      json.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (Json.text(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
