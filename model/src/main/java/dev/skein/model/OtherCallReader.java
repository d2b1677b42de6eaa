package dev.skein.model;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the arguments of calls by protocols that are checked here and not run.
final class OtherCallReader {
  static final Set<String> PROTOCOLS = Set.of("asyncapi", "a2a", "mcp");

  private static final List<String> BROKERS =
      List.of(
          "amqp",
          "amqp1",
          "anypointmq",
          "googlepubsub",
          "http",
          "ibmmq",
          "jms",
          "kafka",
          "mercure",
          "mqtt",
          "mqtt5",
          "nats",
          "pulsar",
          "redis",
          "sns",
          "solace",
          "sqs",
          "stomp",
          "ws");
  private static final List<String> AGENT_METHODS =
      List.of(
          "message/send",
          "message/stream",
          "tasks/get",
          "tasks/list",
          "tasks/cancel",
          "tasks/resubscribe",
          "tasks/pushNotificationConfig/set",
          "tasks/pushNotificationConfig/get",
          "tasks/pushNotificationConfig/list",
          "tasks/pushNotificationConfig/delete",
          "agent/getAuthenticatedExtendedCard");
  private static final List<String> CONTEXT_METHODS =
      List.of(
          "tools/list",
          "tools/call",
          "prompts/list",
          "prompts/get",
          "resources/list",
          "resources/read",
          "resources/templates/list");
  private static final List<String> AMOUNTS = List.of("amount", "while", "until");

  private final Values values;
  private final References references;
  private final EventReader events;

  OtherCallReader(Values values, References references, EventReader events) {
    this.values = values;
    this.references = references;
    this.events = events;
  }

  /// @return the arguments as written
  @Nullable JsonNode with(String protocol, @Nullable At at) {
    Fields with = values.fields(at);
    if (with == null || at == null) {
      return null;
    }
    with.of("call " + protocol);
    switch (protocol) {
      case "asyncapi" -> asyncApi(with);
      case "a2a" -> agent(with);
      default -> context(with);
    }
    return at.yaml().json();
  }

  private void asyncApi(Fields with) {
    var _ = references.resource(with.required("document"));
    text(with, "channel");
    text(with, "operation");
    Fields server = values.fields(with.optional("server"));
    if (server != null) {
      var _ = values.templateString(server.required("name"));
      var _ = values.objectTemplate(server.optional("variables"));
      server.close();
    }
    var _ = values.oneOf(with.optional("protocol"), BROKERS, "");
    Fields message = values.fields(with.optional("message"));
    if (message != null) {
      var _ = values.objectTemplate(message.optional("payload"));
      var _ = values.objectTemplate(message.optional("headers"));
      message.close();
    }
    subscription(values.fields(with.optional("subscription")));
    var _ = references.authentication(with.optional("authentication"));
    with.close();
    oneOf(with, List.of("operation", "channel"));
    oneOf(with, List.of("message", "subscription"));
  }

  private void subscription(@Nullable Fields subscription) {
    if (subscription == null) {
      return;
    }
    var _ = values.wholly(subscription.optional("filter"));
    Fields consume = values.fields(subscription.required("consume"));
    if (consume != null) {
      var _ = values.duration(consume.optional("for"));
      var _ = values.whole(consume.optional("amount"));
      var _ = values.wholly(consume.optional("while"));
      var _ = values.wholly(consume.optional("until"));
      consume.close();
      oneOf(consume, AMOUNTS);
    }
    var _ = events.foreach(subscription.optional("foreach"));
    subscription.close();
  }

  private void oneOf(Fields fields, List<String> names) {
    if (names.stream().filter(fields::has).count() != 1) {
      String message = "give exactly one of " + String.join(", ", names);
      values.reports().add(Code.SHAPE, fields.at(), message, null);
    }
  }

  private void agent(Fields with) {
    var _ = references.resource(with.optional("agentCard"));
    At server = with.optional("server");
    var _ = server == null ? null : references.endpoint(server);
    var _ = values.oneOf(with.required("method"), AGENT_METHODS, "");
    At parameters = with.optional("parameters");
    JsonNode given = parameters(parameters);
    if (parameters != null && given != null && given.isObject() && given.isEmpty()) {
      values.reports().add(Code.SHAPE, parameters, "'parameters' is empty", "leave it out");
    }
    with.close();
    if (Stream.of("agentCard", "server").noneMatch(with::has)) {
      String message = "a call of an agent needs 'agentCard' or 'server'";
      values.reports().add(Code.A2A, with.at(), message, null);
    }
  }

  private @Nullable JsonNode parameters(@Nullable At at) {
    return at != null && at.yaml().json().isString()
        ? values.templateString(at)
        : values.objectTemplate(at);
  }

  private void context(Fields with) {
    text(with, "protocolVersion");
    var _ = values.oneOf(with.required("method"), CONTEXT_METHODS, "");
    var _ = parameters(with.optional("parameters"));
    var _ = values.duration(with.optional("timeout"));
    transport(values.fields(with.required("transport")));
    Fields client = values.fields(with.optional("client"));
    if (client != null) {
      var _ = values.templateString(client.required("name"));
      var _ = values.templateString(client.required("version"));
      client.closeOpen();
    }
    with.closeOpen();
  }

  private void transport(@Nullable Fields transport) {
    if (transport == null) {
      return;
    }
    Fields http = values.fields(transport.optional("http"));
    if (http != null) {
      var _ = references.endpoint(http.required("endpoint"));
      var _ = values.stringMap(http.optional("headers"));
      http.closeOpen();
    }
    Fields stdio = values.fields(transport.optional("stdio"));
    if (stdio != null) {
      var _ = values.templateString(stdio.required("command"));
      var _ = values.strings(stdio.optional("arguments"));
      var _ = values.stringMap(stdio.optional("environment"));
      stdio.closeOpen();
    }
    var _ = values.stringMap(transport.optional("options"));
    transport.closeOpen();
    oneOf(transport, List.of("http", "stdio"));
  }

  private void text(Fields fields, String name) {
    var _ = values.templateString(fields.optional(name));
  }
}
