package dev.skein.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.skein.runtime.settings.TelemetrySettings;
import dev.skein.runtime.settings.TelemetrySettings.Format;
import dev.skein.runtime.settings.TelemetrySettings.Logs;
import org.slf4j.LoggerFactory;

/// Sets up the log: of a command as text, of a server as its settings have it.
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String TEXT =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %mdc - %msg %kvp%n%ex";

  /// Found by the library when the first line is logged.
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    set(context, TelemetrySettings.NONE.logs());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  public static void set(Logs logs) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      set(context, logs);
    }
  }

  private static void set(LoggerContext context, Logs logs) {
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, logs.format()));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(level(logs.level()));
    logs.levels().forEach((name, level) -> context.getLogger(name).setLevel(level(level)));
  }

  private static Level level(TelemetrySettings.Level level) {
    return Level.toLevel(level.name());
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
    if (format == Format.JSON) {
      var lines = new JsonLines();
      lines.setContext(context);
      lines.start();
      return lines;
    }
    var text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(TEXT);
    text.start();
    return text;
  }
}
