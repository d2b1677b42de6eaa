package dev.skein.interpreter.expression;

import dev.skein.interpreter.expression.Ast.Definition;
import dev.skein.interpreter.expression.Ast.Pattern;
import dev.skein.interpreter.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/// Reads pipes, operators and definitions; [TermParser] reads what stands between the operators.
/// Owned by one thread, used once.
final class Parser {
  /// From loosest to tightest; `|` is looser than all of these.
  private static final int COMMA = 1;

  private static final int ALTERNATIVE = 2;
  private static final int ASSIGN = 3;
  private static final int OR = 4;
  private static final int AND = 5;
  private static final int COMPARE = 6;
  private static final int SUM = 7;
  private static final int PRODUCT = 8;

  private final TokenReader tokens;
  private final TermParser terms;

  private Parser(String source) {
    this.tokens = new TokenReader(source);
    this.terms = new TermParser(tokens, this);
  }

  /// The empty program is the identity.
  static Ast parse(String source) {
    Parser parser = new Parser(source);
    if (parser.tokens.sees(Kind.END)) {
      return new Ast.Identity();
    }
    parser.refuseModules();
    Ast ast = parser.pipe();
    if (!parser.tokens.sees(Kind.END)) {
      throw parser.tokens.unexpected("");
    }
    return ast;
  }

  /// Only definitions, one after the other.
  static List<Definition> definitions(String source) {
    Parser parser = new Parser(source);
    List<Definition> definitions = new ArrayList<>();
    while (!parser.tokens.sees(Kind.END)) {
      definitions.add(parser.definition());
    }
    return definitions;
  }

  private void refuseModules() {
    Token token = tokens.peek();
    boolean module = token.text().equals("module") && tokens.follows("{");
    if (token.is("import") || token.is("include") || module) {
      throw ExpressionException.syntax(
          "modules are not supported: '" + token.text() + "'", token.offset());
    }
  }

  Ast pipe() {
    tokens.enter();
    Ast ast = pipeOf(COMMA);
    tokens.leave();
    return ast;
  }

  /// The value of an object's field: everything but a comma.
  Ast fieldValue() {
    tokens.enter();
    Ast ast = pipeOf(ALTERNATIVE);
    tokens.leave();
    return ast;
  }

  private Ast pipeOf(int loosest) {
    List<Ast> stages = new ArrayList<>();
    do {
      stages.add(operators(loosest));
      tokens.chained(stages.size());
    } while (tokens.take("|"));
    Ast ast = stages.getLast();
    for (int i = stages.size() - 2; i >= 0; i--) {
      ast = new Ast.Pipe(stages.get(i), ast);
    }
    return ast;
  }

  private Ast operators(int loosest) {
    Ast left = operand();
    int length = 0;
    boolean compared = false;
    while (true) {
      Token token = tokens.peek();
      int strength = strength(token);
      if (strength < loosest) {
        return left;
      }
      boolean single = strength == COMPARE || strength == ASSIGN;
      if (single && compared) {
        throw tokens.unexpected("it cannot be chained");
      }
      compared = single;
      tokens.next();
      tokens.chained(++length);
      tokens.enter();
      Ast right = operators(strength == ALTERNATIVE ? strength : strength + 1);
      tokens.leave();
      left = combine(token.text(), left, right);
    }
  }

  private static int strength(Token token) {
    if (token.kind() != Kind.SYMBOL && token.kind() != Kind.KEYWORD) {
      return -1;
    }
    return switch (token.text()) {
      case "," -> COMMA;
      case "//" -> ALTERNATIVE;
      case "=", "|=", "+=", "-=", "*=", "/=", "%=", "//=" -> ASSIGN;
      case "or" -> OR;
      case "and" -> AND;
      case "==", "!=", "<", "<=", ">", ">=" -> COMPARE;
      case "+", "-" -> SUM;
      case "*", "/", "%" -> PRODUCT;
      default -> -1;
    };
  }

  private static Ast combine(String symbol, Ast left, Ast right) {
    return switch (symbol) {
      case "," -> new Ast.Comma(left, right);
      case "//" -> new Ast.Alternative(left, right);
      case "or" -> new Ast.Or(left, right);
      case "and" -> new Ast.And(left, right);
      case "=" -> new Ast.Assign(left, right);
      case "|=" -> new Ast.Update(left, right);
      case "//=" -> new Ast.Modify(null, left, right);
      case "+=", "-=", "*=", "/=", "%=" ->
          new Ast.Modify(operator(symbol.substring(0, 1)), left, right);
      default -> new Ast.Binary(operator(symbol), left, right);
    };
  }

  private static Operator operator(String symbol) {
    return switch (symbol) {
      case "+" -> Operator.ADD;
      case "-" -> Operator.SUBTRACT;
      case "*" -> Operator.MULTIPLY;
      case "/" -> Operator.DIVIDE;
      case "%" -> Operator.REMAINDER;
      case "==" -> Operator.EQUAL;
      case "!=" -> Operator.NOT_EQUAL;
      case "<" -> Operator.LESS;
      case "<=" -> Operator.LESS_OR_EQUAL;
      case ">" -> Operator.GREATER;
      case ">=" -> Operator.GREATER_OR_EQUAL;
      default -> throw new IllegalArgumentException(symbol);
    };
  }

  private Ast operand() {
    if (tokens.sees("def")) {
      Definition definition = definition();
      return new Ast.Define(definition, pipe());
    }
    if (tokens.take("label")) {
      String name = tokens.expect(Kind.VARIABLE, "a label like $out").text();
      tokens.expect("|");
      return new Ast.Label(name, pipe());
    }
    if (tokens.take("-")) {
      tokens.enter();
      Ast operand = operand();
      tokens.leave();
      return new Ast.Negate(operand);
    }
    Ast term = terms.term();
    if (!tokens.take("as")) {
      return term;
    }
    List<Pattern> patterns = patterns();
    tokens.expect("|");
    return new Ast.Bind(term, patterns, pipe());
  }

  private Definition definition() {
    tokens.enter();
    tokens.expect("def");
    Token name = tokens.next();
    if (name.kind() != Kind.NAME && name.kind() != Kind.KEYWORD) {
      throw ExpressionException.syntax(
          "unexpected " + name.shown() + ", expected the name of a function", name.offset());
    }
    List<String> parameters = new ArrayList<>();
    if (tokens.take("(")) {
      do {
        Token parameter = tokens.next();
        switch (parameter.kind()) {
          case VARIABLE -> parameters.add("$" + parameter.text());
          case NAME, KEYWORD -> parameters.add(parameter.text());
          default ->
              throw ExpressionException.syntax(
                  "unexpected " + parameter.shown() + ", expected the name of a parameter",
                  parameter.offset());
        }
      } while (tokens.take(";"));
      tokens.expect(")");
    }
    tokens.expect(":");
    Ast body = pipe();
    tokens.expect(";");
    tokens.leave();
    return new Definition(name.text(), parameters, body);
  }

  /// One or more, separated by `?//`.
  List<Pattern> patterns() {
    List<Pattern> patterns = new ArrayList<>();
    do {
      patterns.add(pattern());
    } while (tokens.take("?//"));
    return patterns;
  }

  private Pattern pattern() {
    tokens.enter();
    Pattern pattern;
    if (tokens.sees(Kind.VARIABLE)) {
      pattern = new Pattern.Name(tokens.next().text());
    } else if (tokens.take("[")) {
      List<Pattern> elements = new ArrayList<>();
      do {
        elements.add(pattern());
      } while (tokens.take(","));
      tokens.expect("]");
      pattern = new Pattern.Elements(elements);
    } else if (tokens.take("{")) {
      List<Pattern.Member> members = new ArrayList<>();
      do {
        members.add(member());
      } while (tokens.take(","));
      tokens.expect("}");
      pattern = new Pattern.Fields(members);
    } else {
      throw tokens.unexpected("expected a variable, '[' or '{'");
    }
    tokens.leave();
    return pattern;
  }

  private Pattern.Member member() {
    if (tokens.sees(Kind.VARIABLE)) {
      String name = tokens.next().text();
      Pattern nested = tokens.take(":") ? pattern() : null;
      return new Pattern.Member(TermParser.literal(name), name, nested);
    }
    Ast key = terms.key();
    tokens.expect(":");
    return new Pattern.Member(key, null, pattern());
  }
}
