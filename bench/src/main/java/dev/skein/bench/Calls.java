package dev.skein.bench;

import dev.skein.connectors.auth.Authorizer;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.integration.Circumstances;
import dev.skein.connectors.integration.Filling;
import dev.skein.connectors.integration.Notices;
import dev.skein.connectors.integration.Pipeline;
import dev.skein.connectors.integration.Sender;
import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.connectors.resilience.Places;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.journal.Payload;
import dev.skein.runtime.settings.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/// Makes calls as runs do, under declared integrations. Thread-safe.
final class Calls implements AutoCloseable {
  private final HttpConnector connector = new HttpConnector();
  private final PolicyBook policies;
  private final Pipeline pipeline;

  /// @param settings as in `skein.yaml`
  Calls(String settings) {
    this(read(settings));
  }

  Calls(Settings settings) {
    policies = settings.policies();
    var authorizer = new Authorizer(connector, InstantSource.system());
    pipeline = pipeline((call, auth) -> authorizer.send(call, auth).reply());
  }

  /// @param sender in place of the network
  Calls(String settings, Sender sender) {
    policies = read(settings).policies();
    pipeline = pipeline(sender);
  }

  private static Settings read(String settings) {
    Settings declared = Settings.read(settings).result();
    if (declared == null) {
      throw new IllegalStateException("the settings are not valid");
    }
    return declared;
  }

  private static Pipeline pipeline(Sender sender) {
    return new Pipeline(
        sender,
        new Pipeline.Surroundings(
            Timeline.system(), new SplittableRandom(1), filling(), Notices.IGNORED, Places.ALONE));
  }

  private static Filling filling() {
    var evaluator =
        new Evaluator(
            new Jq(Limits.defaults()), InstantSource.system(), List.of(), SecretSource.NONE);
    return new Filling() {
      @Override
      public JsonNode filled(JsonNode data, JsonNode input) {
        return evaluator.evaluate(data, input);
      }

      @Override
      public JsonNode authentication(JsonNode policy) {
        return evaluator.unlocked().authentication(policy);
      }
    };
  }

  JsonNode call(HttpCall call) throws HttpCallException, InterruptedException {
    var at = Circumstances.of("run:/do/0/pay", Payload.EMPTY);
    var called =
        new Match.Call(call.method(), call.uri(), null, "shop/checkout", "pay", "/do/0/pay");
    return pipeline.call(policies.policy(called), call, at);
  }

  @Override
  public void close() {
    pipeline.close();
    connector.close();
  }
}
