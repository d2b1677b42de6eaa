package dev.skein.cli;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An effective policy for people: one line a block, and where it comes from.
///
/// @param file the settings file, as it is to be named
record Explanation(PolicyBook.Effective effective, String file) {

  ObjectNode json() {
    ObjectNode json = Json.NODES.objectNode();
    json.put("integration", effective.policy().integration());
    ObjectNode blocks = json.putObject("blocks");
    texts()
        .forEach(
            (block, text) -> blocks.putObject(block).put("value", text).put("from", from(block)));
    return json;
  }

  void print(PrintWriter out) {
    out.println("integration: " + effective.policy().integration());
    texts()
        .forEach((block, text) ->
            out.printf("  %-12s %-60s %s%n", block, text == null ? "none" : text, from(block)));
  }

  private String from(String block) {
    Optional<Declaration> origin = effective.origins().getOrDefault(block, Optional.empty());
    return origin
        .map(declaration ->
            "%s:%d integrations.%s.%s"
                .formatted(file, declaration.lines().get(block), declaration.name(), block))
        .orElse("default");
  }

  private Map<String, @Nullable String> texts() {
    Policy p = effective.policy();
    var texts = new LinkedHashMap<String, @Nullable String>();
    texts.put(
        "endpoints", p.endpoints().isEmpty() ? "the host that is called" : said(p.endpoints()));
    texts.put("balance", said(p.balance()));
    texts.put("auth", p.auth() == null ? null : String.join(", ", p.auth().propertyNames()));
    texts.put("timeout", said(p.timeout()));
    texts.put("retry", said(p.retry()));
    texts.put("retryBudget", said(p.retryBudget()));
    texts.put("hedge", said(p.hedge()));
    texts.put("rateLimit", said(p.rateLimit()));
    texts.put("concurrency", said(p.concurrency()));
    texts.put("breaker", said(p.breaker()));
    texts.put("idempotency", said(p.idempotency()));
    texts.put("version", said(p.version()));
    texts.put("egress", said(p.egress()));
    return texts;
  }

  /// Records say what they are by themselves.
  private static @Nullable String said(@Nullable Object block) {
    return block == null ? null : block.toString();
  }
}
