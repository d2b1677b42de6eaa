package dev.skein.interpreter.expression;

import dev.skein.interpreter.expression.Ast.Entry;
import dev.skein.interpreter.expression.Ast.Pattern;
import dev.skein.interpreter.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Reads terms: literals, paths, constructions, calls and the keyword forms, with what may follow
/// them (`.a`, `[…]`, `?`).
final class TermParser {
  private final TokenReader tokens;
  private final Parser parser;

  TermParser(TokenReader tokens, Parser parser) {
    this.tokens = tokens;
    this.parser = parser;
  }

  static Ast literal(String text) {
    return new Ast.Literal(StringNode.valueOf(text));
  }

  @SuppressWarnings("ReferenceEquality") // the very same term comes back where nothing follows
  Ast term() {
    tokens.enter();
    Ast term = start();
    int length = 0;
    while (true) {
      Ast longer = suffixed(term);
      if (longer == term) {
        tokens.leave();
        return term;
      }
      term = longer;
      tokens.chained(++length);
    }
  }

  private Ast suffixed(Ast term) {
    if (tokens.sees(Kind.FIELD)) {
      return new Ast.Index(term, literal(tokens.next().text()));
    }
    if (tokens.sees(".") && tokens.follows(Kind.QUOTE)) {
      tokens.next();
      return new Ast.Index(term, string(null));
    }
    if (tokens.sees(".") && tokens.follows("[")) {
      tokens.next();
    }
    if (tokens.take("[")) {
      return bracket(term);
    }
    return tokens.take("?") ? optional(term) : term;
  }

  /// After a step, `?` forgives an error of that step only: `error.a?` is still an error. The keys
  /// of the step belong to the input of the whole term, so they are bound before it is taken.
  private static Ast optional(Ast term) {
    return switch (term) {
      case Ast.Iterate(Ast target) -> step(target, new Ast.Iterate(new Ast.Identity()));
      case Ast.Index(Ast target, Ast.Literal key) ->
          step(target, new Ast.Index(new Ast.Identity(), key));
      case Ast.Index(Ast target, Ast key) ->
          bound(key, "key?", step(target, new Ast.Index(new Ast.Identity(), hidden("key?"))));
      case Ast.Slice(Ast target, Ast from, Ast to) -> {
        Ast start = from == null ? null : hidden("from?");
        Ast end = to == null ? null : hidden("to?");
        Ast sliced = step(target, new Ast.Slice(new Ast.Identity(), start, end));
        Ast inner = from == null ? sliced : bound(from, "from?", sliced);
        yield to == null ? inner : bound(to, "to?", inner);
      }
      default -> new Ast.Try(term, null);
    };
  }

  private static Ast step(Ast target, Ast step) {
    return new Ast.Pipe(target, new Ast.Try(step, null));
  }

  /// A variable no source can name.
  private static Ast hidden(String name) {
    return new Ast.Variable(name, 0);
  }

  private static Ast bound(Ast value, String name, Ast body) {
    return new Ast.Bind(value, List.of(new Pattern.Name(name)), body);
  }

  /// What follows an opening bracket.
  private Ast bracket(Ast target) {
    if (tokens.take("]")) {
      return new Ast.Iterate(target);
    }
    if (tokens.take(":")) {
      Ast to = parser.pipe();
      tokens.expect("]");
      return new Ast.Slice(target, null, to);
    }
    Ast key = parser.pipe();
    if (tokens.take(":")) {
      Ast to = tokens.sees("]") ? null : parser.pipe();
      tokens.expect("]");
      return new Ast.Slice(target, key, to);
    }
    tokens.expect("]");
    return new Ast.Index(target, key);
  }

  private Ast start() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NUMBER -> new Ast.Literal(Numbers.parse(tokens.next().text()));
      case QUOTE -> string(null);
      case FORMAT -> format();
      case FIELD -> new Ast.Index(new Ast.Identity(), literal(tokens.next().text()));
      case VARIABLE -> variable();
      case NAME -> call();
      case KEYWORD -> keyword(token);
      case SYMBOL -> symbol(token);
      case TEXT, HOLE_START, HOLE_END, END_QUOTE, END -> throw tokens.unexpected("");
    };
  }

  private Ast symbol(Token token) {
    return switch (token.text()) {
      case "." -> {
        tokens.next();
        yield tokens.sees(Kind.QUOTE)
            ? new Ast.Index(new Ast.Identity(), string(null))
            : new Ast.Identity();
      }
      case ".." -> {
        tokens.next();
        yield new Ast.Call("recurse", List.of(), token.offset());
      }
      case "(" -> {
        tokens.next();
        Ast inner = parser.pipe();
        tokens.expect(")");
        yield inner;
      }
      case "[" -> {
        tokens.next();
        if (tokens.take("]")) {
          yield new Ast.ArrayOf(null);
        }
        Ast elements = parser.pipe();
        tokens.expect("]");
        yield new Ast.ArrayOf(elements);
      }
      case "{" -> {
        tokens.next();
        yield object();
      }
      default -> throw tokens.unexpected("");
    };
  }

  private Ast keyword(Token token) {
    return switch (token.text()) {
      case "if" -> {
        tokens.next();
        yield conditional();
      }
      case "try" -> {
        tokens.next();
        Ast body = tried();
        yield new Ast.Try(body, tokens.take("catch") ? tried() : null);
      }
      case "reduce" -> {
        tokens.next();
        Ast source = term();
        tokens.expect("as");
        List<Pattern> patterns = parser.patterns();
        tokens.expect("(");
        Ast start = parser.pipe();
        tokens.expect(";");
        Ast update = parser.pipe();
        tokens.expect(")");
        yield new Ast.Reduce(source, patterns, start, update);
      }
      case "foreach" -> {
        tokens.next();
        yield foreach();
      }
      case "import", "include" ->
          throw ExpressionException.syntax(
              "modules are not supported: '" + token.text() + "'", token.offset());
      default -> throw tokens.unexpected("");
    };
  }

  /// The body of `try` or `catch`: a term, perhaps negated.
  private Ast tried() {
    return tokens.take("-") ? new Ast.Negate(term()) : term();
  }

  private Ast foreach() {
    Ast source = term();
    tokens.expect("as");
    List<Pattern> patterns = parser.patterns();
    tokens.expect("(");
    Ast start = parser.pipe();
    tokens.expect(";");
    Ast update = parser.pipe();
    Ast extract = tokens.take(";") ? parser.pipe() : new Ast.Identity();
    tokens.expect(")");
    return new Ast.Foreach(source, patterns, start, update, extract);
  }

  /// What follows `if` or `elif`.
  private Ast conditional() {
    tokens.enter();
    Ast condition = parser.pipe();
    tokens.expect("then");
    Ast then = parser.pipe();
    Ast otherwise;
    if (tokens.take("elif")) {
      otherwise = conditional();
    } else {
      otherwise = tokens.take("else") ? parser.pipe() : new Ast.Identity();
      tokens.expect("end");
    }
    tokens.leave();
    return new Ast.If(condition, then, otherwise);
  }

  private Ast variable() {
    Token token = tokens.next();
    return switch (token.text()) {
      case "__loc__" -> location(token);
      case "ENV" -> new Ast.Literal(JsonNodeFactory.instance.objectNode());
      default -> new Ast.Variable(token.text(), token.offset());
    };
  }

  private static Ast location(Token token) {
    ObjectNode place = JsonNodeFactory.instance.objectNode();
    place.put("file", "<top-level>").put("line", token.line());
    return new Ast.Literal(place);
  }

  private Ast call() {
    Token name = tokens.next();
    if (name.text().equals("break") && tokens.sees(Kind.VARIABLE)) {
      return new Ast.Break(tokens.next().text(), name.offset());
    }
    List<Ast> arguments = new ArrayList<>();
    if (tokens.take("(")) {
      do {
        arguments.add(parser.pipe());
      } while (tokens.take(";"));
      tokens.expect(")");
    }
    return new Ast.Call(name.text(), arguments, name.offset());
  }

  private Ast format() {
    Token token = tokens.next();
    Ast.Format format = new Ast.Format(token.text(), token.offset());
    return tokens.sees(Kind.QUOTE) ? string(format) : format;
  }

  private Ast string(Ast.@Nullable Format format) {
    tokens.expect(Kind.QUOTE, "a string");
    List<Ast> parts = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case TEXT -> {
          if (!token.text().isEmpty()) {
            parts.add(literal(token.text()));
          }
        }
        case HOLE_START -> {
          parts.add(new Ast.Hole(format, parser.pipe()));
          if (!tokens.sees(Kind.HOLE_END)) {
            throw tokens.unexpected("expected ')'");
          }
          tokens.next();
        }
        default -> {
          return text(parts);
        }
      }
    }
  }

  /// A string without holes is a literal.
  private static Ast text(List<Ast> parts) {
    if (parts.isEmpty()) {
      return literal("");
    }
    if (parts.size() == 1 && parts.getFirst() instanceof Ast.Literal whole) {
      return whole;
    }
    return new Ast.Text(parts);
  }

  private Ast object() {
    List<Entry> entries = new ArrayList<>();
    while (!tokens.take("}")) {
      entries.add(entry());
      if (!tokens.sees("}")) {
        if (!tokens.take(",")) {
          throw tokens.unexpected("expected ',' or '}'");
        }
      }
    }
    return new Ast.ObjectOf(entries);
  }

  private Entry entry() {
    if (tokens.sees(Kind.VARIABLE)) {
      String name = tokens.peek().text();
      Ast variable = variable();
      return tokens.take(":")
          ? new Entry(variable, parser.fieldValue())
          : new Entry(literal(name), variable);
    }
    boolean named = !tokens.sees("(");
    int offset = tokens.peek().offset();
    Ast key = key();
    if (key instanceof Ast.Literal(JsonNode constant) && !constant.isString()) {
      throw ExpressionException.syntax(
          "Cannot use " + Values.described(constant) + " as object key", offset);
    }
    if (named && !tokens.sees(":")) {
      return new Entry(key, new Ast.Index(new Ast.Identity(), key));
    }
    tokens.expect(":");
    return new Entry(key, parser.fieldValue());
  }

  /// The key of a field: a name, a string, a format with a string, or an expression in parentheses.
  Ast key() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME, KEYWORD -> literal(tokens.next().text());
      case QUOTE -> string(null);
      case FORMAT -> format();
      default -> {
        if (!tokens.take("(")) {
          throw tokens.unexpected("expected a key");
        }
        Ast key = parser.pipe();
        tokens.expect(")");
        yield key;
      }
    };
  }
}
