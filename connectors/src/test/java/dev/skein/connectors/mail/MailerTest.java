package dev.skein.connectors.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.skein.connectors.mail.MailServer.Security;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Mail to a real server.
class MailerTest {
  private static final Mail MAIL =
      new Mail(
          "skein@example.com",
          List.of("a@example.com", "b@example.com"),
          "Größer als sonst",
          "Ein Satz.\n",
          "1.firing@example.com");

  private final GreenMail server =
      new GreenMail(ServerSetup.SMTP.dynamicPort())
          .withConfiguration(
              new GreenMailConfiguration().withUser("a@example.com", "skein", "s3cr3t"));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private MailServer to(Security security, String user) {
    return new MailServer("127.0.0.1", server.getSmtp().getPort(), security, user);
  }

  @Test
  void isSentToAll() throws Exception {
    Mailer.send(to(Security.NONE, "skein"), "s3cr3t", MAIL);
    MimeMessage[] received = server.getReceivedMessages();
    assertThat(received).hasSize(2);
    assertThat(received[0].getSubject()).isEqualTo("Größer als sonst");
    assertThat(GreenMailUtil.getBody(received[0])).startsWith("Ein Satz.");
    assertThat(received[0].getMessageID()).isEqualTo("<1.firing@example.com>");
    assertThat(received[0].getAllRecipients()).hasSize(2);
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    assertThatThrownBy(() -> Mailer.send(to(Security.NONE, "skein"), "wr0ng", MAIL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not take the mail")
        .hasMessageNotContaining("wr0ng");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aServerThatCannotEncryptGetsNothing() {
    assertThatThrownBy(() -> Mailer.send(to(Security.STARTTLS, "skein"), "s3cr3t", MAIL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("STARTTLS");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void nobodyThereIsAnError() {
    server.stop();
    assertThatThrownBy(
            () -> Mailer.send(new MailServer("127.0.0.1", 1, Security.NONE, null), null, MAIL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:1");
  }
}
