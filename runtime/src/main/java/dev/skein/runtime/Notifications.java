package dev.skein.runtime;

import dev.skein.connectors.mail.Mail;
import dev.skein.connectors.mail.Mailer;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.ProcessPort;
import dev.skein.interpreter.SecretSource;
import dev.skein.runtime.settings.AlertSettings;
import dev.skein.supervision.alert.Notifier;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells of alerts by a request, by mail, by a command, or by a run of another workflow.
final class Notifications implements Notifier {
  private static final int FIRST = 1;

  private final HttpPort http;
  private final ProcessPort processes;
  private final SecretSource secrets;
  private final Starter starter;
  private final AlertSettings.@Nullable Mail mail;

  /// Starts a run of the newest version of a workflow under an id that no other has.
  @FunctionalInterface
  interface Starter {
    void start(String workflow, JsonNode input, String id);
  }

  Notifications(
      HttpPort http,
      ProcessPort processes,
      SecretSource secrets,
      Starter starter,
      AlertSettings.@Nullable Mail mail) {
    this.http = http;
    this.processes = processes;
    this.secrets = secrets;
    this.starter = starter;
    this.mail = mail;
  }

  @Override
  public void send(JsonNode channel, ObjectNode message, At at)
      throws IOException, InterruptedException {
    String way = channel.propertyNames().iterator().next();
    JsonNode whom = channel.path(way);
    switch (way) {
      case "webhook" -> post(URI.create(whom.asString()), message, at);
      case "email" -> mail(whom, message, at);
      case "command" -> command(whom.asString(), message, at);
      case "workflow" -> starter.start(whom.asString(), message, at.attempt().idempotencyKey());
      default -> throw new IllegalArgumentException("nobody is told by '" + way + "'");
    }
  }

  private void post(URI uri, ObjectNode message, At at) throws InterruptedException {
    var request =
        new HttpPort.Request("POST", uri, Map.of(), Map.of(), message, null, "raw", false);
    var site =
        new HttpPort.Site(
            "skein/alert",
            at.run(),
            "tell",
            "/tell",
            at.attempt().task(),
            null,
            FIRST,
            at.attempt().idempotencyKey(),
            at.attempt().deferred());
    var _ = http.call(request, site);
  }

  private void mail(JsonNode to, ObjectNode message, At at) throws IOException {
    if (mail == null) {
      throw new IOException("the settings say no more how mail is sent");
    }
    List<String> mailboxes = new ArrayList<>();
    to.forEach(one -> mailboxes.add(one.asString()));
    String secret = mail.password();
    JsonNode password = secret == null ? null : secrets.secret(secret);
    String host = mail.from().substring(mail.from().indexOf('@') + 1);
    String id = at.attempt().idempotencyKey().replaceAll("[^A-Za-z0-9.-]", ".") + "@" + host;
    Mailer.send(
        mail.server(),
        password == null ? null : password.asString(),
        new Mail(mail.from(), mailboxes, subject(message), text(message), id));
  }

  private static String subject(ObjectNode message) {
    return "[%s] %s: %s"
        .formatted(
            message.path("state").asString().toUpperCase(Locale.ROOT),
            message.path("alert").asString(),
            message.path("summary").asString());
  }

  private static String text(ObjectNode message) {
    var text = new StringBuilder();
    for (Map.Entry<String, JsonNode> line : message.properties()) {
      text.append("%-9s %s%n".formatted(line.getKey(), line.getValue().asString()));
    }
    return text.toString();
  }

  private void command(String command, ObjectNode message, At at)
      throws IOException, InterruptedException {
    var environment =
        Map.of(
            "SKEIN_ALERT", message.path("alert").asString(),
            "SKEIN_ALERT_STATE", message.path("state").asString(),
            "SKEIN_ALERT_SEVERITY", message.path("severity").asString(),
            "SKEIN_ALERT_SUMMARY", message.path("summary").asString());
    var surroundings = new ProcessPort.Surroundings(List.of(), environment, Json.text(message));
    JsonNode result =
        processes.run(
            new ProcessPort.ShellCommand(command, surroundings), at.attempt().idempotencyKey());
    int code = result.path("code").asInt();
    if (code != 0) {
      throw new IOException(
          "the command ended with %d: %s".formatted(code, result.path("stderr").asString()));
    }
  }
}
