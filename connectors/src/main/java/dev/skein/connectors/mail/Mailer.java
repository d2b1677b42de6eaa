package dev.skein.connectors.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Sends mail, one connection each.
public final class Mailer {
  private static final String TIMEOUT_MILLIS = "20000";

  private Mailer() {}

  /// @param password null for none
  /// @throws IOException if the server does not take it
  public static void send(MailServer server, @Nullable String password, Mail mail)
      throws IOException {
    Session session = Session.getInstance(properties(server));
    try {
      MimeMessage message = message(session, mail);
      try (Transport transport = session.getTransport()) {
        transport.connect(server.host(), server.port(), server.user(), password);
        transport.sendMessage(message, message.getAllRecipients());
      }
    } catch (MessagingException e) {
      throw new IOException(
          "%s:%d does not take the mail: %s"
              .formatted(server.host(), server.port(), e.getMessage()),
          e);
    }
  }

  private static Properties properties(MailServer server) {
    boolean tls = server.security() == MailServer.Security.TLS;
    String protocol = tls ? "smtps" : "smtp";
    var properties = new Properties();
    properties.setProperty("mail.transport.protocol", protocol);
    String prefix = "mail." + protocol + ".";
    properties.setProperty(prefix + "auth", Boolean.toString(server.user() != null));
    properties.setProperty(prefix + "connectiontimeout", TIMEOUT_MILLIS);
    properties.setProperty(prefix + "timeout", TIMEOUT_MILLIS);
    properties.setProperty(prefix + "writetimeout", TIMEOUT_MILLIS);
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    boolean starttls = server.security() == MailServer.Security.STARTTLS;
    properties.setProperty(prefix + "starttls.enable", Boolean.toString(starttls));
    properties.setProperty(prefix + "starttls.required", Boolean.toString(starttls));
    return properties;
  }

  private static MimeMessage message(Session session, Mail mail) throws MessagingException {
    var message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + mail.id() + ">");
          }
        };
    message.setFrom(new InternetAddress(mail.from()));
    for (String to : mail.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
    message.setText(mail.text(), StandardCharsets.UTF_8.name());
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    message.setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now));
    return message;
  }
}
