package dev.skein.interpreter;

import dev.skein.kernel.Fault;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The secrets a workflow uses, and what keeps them out of everything that is written down.
///
/// Where the workflow's data goes into its own journal, each secret in it, also inside a longer
/// text or in one of its usual encodings, is replaced by a reference; where the data comes back, by
/// the secret. What leaves for others (errors, events, other runs) and what people are shown has
/// `***` instead. A reference is its name between two characters that Unicode leaves to private
/// use; the first of them, where it is data, is doubled, so that no data from outside can pass for
/// a reference.
///
/// One for each stay of a run in memory. Thread-safe.
public final class Vault {
  private static final char OPEN = '\uE000';
  private static final char CLOSE = '\uE001';
  private static final String SHOWN = "***";
  private static final int SHORTEST_PART = 3;

  private final List<String> names;
  private final SecretSource source;
  private volatile @Nullable Contents contents;

  /// One text that gives a secret away.
  private record Leaf(String reference, String text, JsonNode value) {}

  /// @param missing a name the workflow uses that nobody has; null if there is none
  private record Contents(JsonNode secrets, List<Leaf> leaves, @Nullable String missing) {}

  Vault(List<String> names, SecretSource source) {
    this.names = names;
    this.source = source;
  }

  /// What expressions see as `$secrets`.
  ///
  /// @throws Fault of type `authorization` if one of the secrets is not there
  JsonNode secrets() {
    Contents all = contents();
    if (all.missing != null) {
      throw Problems.fault(
          Problem.Kind.AUTHORIZATION.problem("there is no secret '" + all.missing + "'"));
    }
    return all.secrets;
  }

  /// One of them.
  JsonNode secret(String name) {
    JsonNode secret = secrets().get(name);
    if (secret == null) {
      throw Problems.fault(
          Problem.Kind.CONFIGURATION.problem(
              "use.secrets does not name the secret '" + name + "'"));
    }
    return secret;
  }

  /// For the run's own journal.
  Payload seal(JsonNode data) {
    return Json.payload(names.isEmpty() ? data : replaced(data, this::sealed));
  }

  /// What was sealed.
  JsonNode open(Payload sealed) {
    JsonNode data = Json.json(sealed);
    return names.isEmpty() ? data : opened(data);
  }

  /// For others.
  JsonNode redacted(JsonNode data) {
    return names.isEmpty() ? data : replaced(data, (text, _) -> shown(sealed(text, null)));
  }

  /// An error without secrets.
  Fault redacted(Fault fault) {
    if (names.isEmpty()) {
      return fault;
    }
    JsonNode problem = Problems.problem(fault.failure()).toJson();
    JsonNode without = redacted(problem);
    return without.equals(problem)
        ? fault
        : Problems.fault(Problem.fromJson(without), fault.failure().outcomeUnknown(), null);
  }

  /// Sealed data as people are shown it, whatever run it is of.
  public static JsonNode shown(JsonNode sealed) {
    return replaced(sealed, (text, _) -> shown(text));
  }

  private interface Replacement {
    /// @param whole the node, if the text is all of it
    String text(String text, @Nullable JsonNode whole);
  }

  private static JsonNode replaced(JsonNode data, Replacement by) {
    return switch (data) {
      case ObjectNode object -> {
        ObjectNode result = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          result.set(by.text(field.getKey(), null), replaced(field.getValue(), by));
        }
        yield result;
      }
      case ArrayNode array -> {
        ArrayNode result = Json.NODES.arrayNode(array.size());
        array.forEach(item -> result.add(replaced(item, by)));
        yield result;
      }
      default -> {
        if (data.isNumber()) {
          String text = by.text(data.asString(), data);
          yield text.equals(data.asString()) ? data : Json.NODES.stringNode(text);
        }
        yield data.isString() ? Json.NODES.stringNode(by.text(data.asString(), data)) : data;
      }
    };
  }

  private String sealed(String text, @Nullable JsonNode whole) {
    boolean number = whole != null && whole.isNumber();
    var result = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      Leaf leaf = leafAt(text, at, number);
      if (leaf != null) {
        result.append(OPEN).append(leaf.reference).append(CLOSE);
        at += leaf.text.length();
      } else {
        char c = text.charAt(at);
        result.append(c);
        if (c == OPEN) {
          result.append(OPEN);
        }
        at++;
      }
    }
    return result.toString();
  }

  private @Nullable Leaf leafAt(String text, int at, boolean wholeOnly) {
    for (Leaf leaf : contents().leaves) {
      boolean whole = text.length() == leaf.text.length();
      boolean counts = whole || (!wholeOnly && leaf.text.length() >= SHORTEST_PART);
      if (counts && text.startsWith(leaf.text, at)) {
        return leaf;
      }
    }
    return null;
  }

  private JsonNode opened(JsonNode data) {
    return switch (data) {
      case ObjectNode object -> {
        ObjectNode result = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          result.set(opened(field.getKey()).asString(), opened(field.getValue()));
        }
        yield result;
      }
      case ArrayNode array -> {
        ArrayNode result = Json.NODES.arrayNode(array.size());
        array.forEach(item -> result.add(opened(item)));
        yield result;
      }
      default -> data.isString() ? opened(data.asString()) : data;
    };
  }

  private JsonNode opened(String text) {
    int first = text.indexOf(OPEN);
    if (first < 0) {
      return Json.NODES.stringNode(text);
    }
    if (first == 0 && text.indexOf(CLOSE) == text.length() - 1 && text.charAt(1) != OPEN) {
      return leaf(text.substring(1, text.length() - 1)).value;
    }
    var result = new StringBuilder();
    spell(text, result, reference -> leaf(reference).text);
    return Json.NODES.stringNode(result.toString());
  }

  private static String shown(String text) {
    if (text.indexOf(OPEN) < 0) {
      return text;
    }
    var result = new StringBuilder();
    spell(text, result, _ -> SHOWN);
    return result.toString();
  }

  private interface Spelling {
    String of(String reference);
  }

  private static void spell(String text, StringBuilder result, Spelling spelling) {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int close = c == OPEN ? text.indexOf(CLOSE, at) : -1;
      if (c == OPEN && at + 1 < text.length() && text.charAt(at + 1) == OPEN) {
        result.append(OPEN);
        at += 2;
      } else if (close > 0) {
        result.append(spelling.of(text.substring(at + 1, close)));
        at = close + 1;
      } else {
        result.append(c);
        at++;
      }
    }
  }

  private Leaf leaf(String reference) {
    for (Leaf leaf : contents().leaves) {
      if (leaf.reference.equals(reference)) {
        return leaf;
      }
    }
    throw Problems.fault(
        Problem.Kind.CONFIGURATION.problem(
            "the secret " + reference + " that this run has used is no longer there"));
  }

  private Contents contents() {
    Contents read = contents;
    if (read == null) {
      read = read();
      contents = read;
    }
    return read;
  }

  private Contents read() {
    ObjectNode secrets = Json.NODES.objectNode();
    var leaves = new ArrayList<Leaf>();
    String missing = null;
    for (String name : names) {
      JsonNode secret = source.secret(name);
      if (secret == null) {
        missing = name;
      } else {
        secrets.set(name, secret);
        addLeaves(name, secret, leaves);
        addBasic(name, secret, leaves);
      }
    }
    leaves.sort(Comparator.comparingInt((Leaf leaf) -> leaf.text.length()).reversed());
    return new Contents(secrets, List.copyOf(leaves), missing);
  }

  private static void addLeaves(String reference, JsonNode secret, List<Leaf> leaves) {
    if (secret.isObject()) {
      secret
          .properties()
          .forEach(f -> addLeaves(reference + "/" + f.getKey(), f.getValue(), leaves));
      return;
    }
    if (secret.isArray()) {
      for (int i = 0; i < secret.size(); i++) {
        addLeaves(reference + "/" + i, secret.get(i), leaves);
      }
      return;
    }
    String text = secret.isString() || secret.isNumber() ? secret.asString() : "";
    var encodings = new TreeMap<String, String>();
    encodings.put("", text);
    encodings.put("|base64", base64(text));
    encodings.put("|url", URLEncoder.encode(text, StandardCharsets.UTF_8));
    encodings.forEach((suffix, encoded) -> {
      boolean known = leaves.stream().anyMatch(leaf -> leaf.text.equals(encoded));
      if (!encoded.isEmpty() && !known) {
        JsonNode value = suffix.isEmpty() ? secret : Json.NODES.stringNode(encoded);
        leaves.add(new Leaf(reference + suffix, encoded, value));
      }
    });
  }

  /// The form that a user and a password take in an `Authorization` header.
  private static void addBasic(String reference, JsonNode secret, List<Leaf> leaves) {
    JsonNode user = secret.path("username");
    JsonNode password = secret.path("password");
    if (user.isString() && password.isString()) {
      String pair = base64(user.asString() + ":" + password.asString());
      leaves.add(new Leaf(reference + "|basic", pair, Json.NODES.stringNode(pair)));
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
