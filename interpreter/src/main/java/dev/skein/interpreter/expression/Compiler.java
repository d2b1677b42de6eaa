package dev.skein.interpreter.expression;

import dev.skein.interpreter.expression.Ast.Pattern;
import dev.skein.interpreter.expression.BindNodes.Function;
import dev.skein.interpreter.expression.BindNodes.Matcher;
import dev.skein.interpreter.expression.Names.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// Turns an [Ast] into [Node]s: names become distances, literals constants, calls of builtins their
/// own code. Owned by one thread.
final class Compiler {
  /// Alternative patterns copy the code after them, so nesting them could grow without end.
  private static final int MOST_NODES = 200_000;

  private final Builtins builtins;
  private int nodes;

  Compiler(Builtins builtins) {
    this.builtins = builtins;
  }

  Node compile(Ast ast, Names names) {
    if (++nodes > MOST_NODES) {
      throw ExpressionException.limit("the expression is too large");
    }
    return switch (ast) {
      case Ast.Identity() -> new AccessNodes.Identity();
      case Ast.Literal(JsonNode value) -> new AccessNodes.Constant(value);
      case Ast.Index(Ast target, Ast key) -> index(compile(target, names), compile(key, names));
      case Ast.Slice(Ast target, Ast from, Ast to) ->
          new AccessNodes.Slice(compile(target, names), bound(from, names), bound(to, names));
      case Ast.Iterate(Ast target) -> new AccessNodes.Iterate(compile(target, names));
      case Ast.Format format -> formatted(format, new AccessNodes.Identity());
      case Ast.Hole(Ast.Format format, Ast value) -> formatted(format, compile(value, names));
      case Ast.Text(List<Ast> parts) -> new BuildNodes.Text(all(parts, names));
      case Ast.ArrayOf(Ast elements) ->
          new BuildNodes.ArrayOf(elements == null ? null : compile(elements, names));
      case Ast.ObjectOf(List<Ast.Entry> entries) -> object(entries, names);
      case Ast.Negate(Ast operand) -> negate(compile(operand, names));
      case Ast.Pipe(Ast left, Ast right) -> pipe(compile(left, names), compile(right, names));
      case Ast.Comma(Ast left, Ast right) ->
          new FlowNodes.Comma(compile(left, names), compile(right, names));
      case Ast.Binary(Operator operator, Ast left, Ast right) ->
          binary(operator, compile(left, names), compile(right, names));
      case Ast.And(Ast left, Ast right) ->
          new OperatorNodes.Logic(false, compile(left, names), compile(right, names));
      case Ast.Or(Ast left, Ast right) ->
          new OperatorNodes.Logic(true, compile(left, names), compile(right, names));
      case Ast.Alternative(Ast left, Ast right) ->
          new FlowNodes.Alternative(compile(left, names), compile(right, names));
      case Ast.Update(Ast target, Ast value) ->
          new UpdateNodes.Update(compile(target, names), compile(value, names));
      case Ast.Assign(Ast target, Ast value) ->
          new UpdateNodes.Assign(compile(target, names), compile(value, names));
      case Ast.Modify(Operator operator, Ast target, Ast value) ->
          new UpdateNodes.Modify(operator, compile(target, names), compile(value, names));
      case Ast.If(Ast condition, Ast then, Ast otherwise) ->
          new FlowNodes.If(
              compile(condition, names), compile(then, names), compile(otherwise, names));
      case Ast.Try(Ast body, Ast handler) ->
          new FlowNodes.Try(compile(body, names), handler == null ? null : compile(handler, names));
      case Ast.Reduce reduce -> reduce(reduce, names);
      case Ast.Foreach foreach -> foreach(foreach, names);
      case Ast.Bind(Ast source, List<Pattern> patterns, Ast body) ->
          bind(compile(source, names), patterns, body, names);
      case Ast.Define(Ast.Definition definition, Ast rest) ->
          compile(rest, define(definition, names));
      case Ast.Call call -> call(call, names);
      case Ast.Variable(String name, int offset) -> variable(name, offset, names);
      case Ast.Label(String name, Ast body) ->
          new FlowNodes.Label(compile(body, names.with(Kind.LABEL, name)));
      case Ast.Break(String name, int offset) -> breakTo(name, offset, names);
    };
  }

  private List<Node> all(List<Ast> asts, Names names) {
    List<Node> compiled = new ArrayList<>(asts.size());
    for (Ast ast : asts) {
      compiled.add(compile(ast, names));
    }
    return List.copyOf(compiled);
  }

  private Node bound(@Nullable Ast bound, Names names) {
    return bound == null ? new AccessNodes.Constant(NullNode.instance) : compile(bound, names);
  }

  private static Node index(Node target, Node key) {
    boolean field = key instanceof AccessNodes.Constant constant && constant.value.isString();
    return field
        ? new AccessNodes.Field(target, ((AccessNodes.Constant) key).value)
        : new AccessNodes.Index(target, key);
  }

  private Node formatted(Ast.@Nullable Format format, Node value) {
    String name = format == null ? "text" : format.name();
    Node node = builtins.format(name, value);
    if (node == null) {
      throw ExpressionException.syntax(
          name + " is not a valid format", format == null ? 0 : format.offset());
    }
    return node;
  }

  private static Node negate(Node operand) {
    boolean number = operand instanceof AccessNodes.Constant c && c.value.isNumber();
    return number
        ? new AccessNodes.Constant(Arithmetic.negate(((AccessNodes.Constant) operand).value))
        : new OperatorNodes.Negate(operand);
  }

  private static Node pipe(Node left, Node right) {
    return left instanceof AccessNodes.Identity ? right : new FlowNodes.Pipe(left, right);
  }

  private static Node binary(Operator operator, Node left, Node right) {
    return left.single() && right.single()
        ? new OperatorNodes.Simple(operator, left, right)
        : new OperatorNodes.Binary(operator, left, right);
  }

  private Node object(List<Ast.Entry> entries, Names names) {
    List<Node> keys = new ArrayList<>();
    List<Node> values = new ArrayList<>();
    boolean single = true;
    for (Ast.Entry entry : entries) {
      Node key = compile(entry.key(), names);
      Node value = compile(entry.value(), names);
      single &= key.single() && value.single();
      keys.add(key);
      values.add(value);
    }
    return single
        ? new BuildNodes.PlainObject(keys, values)
        : new BuildNodes.ObjectOf(keys, values);
  }

  private Node variable(String name, int offset, Names names) {
    Names found = names.find(Kind.VARIABLE, name);
    if (found != null) {
      return new AccessNodes.Local(names.level() - found.level());
    }
    if (name.contains("::")) {
      throw ExpressionException.syntax("modules are not supported: '$" + name + "'", offset);
    }
    return new AccessNodes.Outer(name, offset);
  }

  private Node breakTo(String name, int offset, Names names) {
    Names label = names.find(Kind.LABEL, name);
    if (label == null) {
      throw ExpressionException.syntax("$*label-" + name + " is not defined", offset);
    }
    return new FlowNodes.Break(names.level() - label.level());
  }

  private Node call(Ast.Call call, Names names) {
    Names callee = names.callee(call.name(), call.arguments().size());
    List<Node> arguments = all(call.arguments(), names);
    if (callee != null && callee.function() == null) {
      return new BindNodes.Parameter(names.level() - callee.level());
    }
    if (callee != null && callee.function() != null) {
      return new BindNodes.Call(callee.function(), names.level() - callee.level(), arguments);
    }
    Node builtin = builtins.call(call.name(), arguments);
    if (builtin == null) {
      String signature = call.name() + "/" + call.arguments().size();
      throw ExpressionException.syntax(signature + " is not defined", call.offset());
    }
    return builtin;
  }

  /// The names in force after a definition; the function itself is in force in its own body.
  Names define(Ast.Definition definition, Names names) {
    Function function = new Function(names.level(), definition.parameters().size());
    Names after = names.with(definition.name(), function);
    function.body(body(definition, after));
    return after;
  }

  /// A parameter `$x` is a parameter `x` whose values are bound to `$x`.
  private Node body(Ast.Definition definition, Names names) {
    Names inner = names;
    Ast body = definition.body();
    for (String parameter : definition.parameters()) {
      inner = inner.with(Kind.PARAMETER, parameter.replace("$", ""));
    }
    for (String parameter : definition.parameters().reversed()) {
      if (parameter.startsWith("$")) {
        String name = parameter.substring(1);
        Ast value = new Ast.Call(name, List.of(), 0);
        body = new Ast.Bind(value, List.of(new Pattern.Name(name)), body);
      }
    }
    return compile(body, inner);
  }

  private Node reduce(Ast.Reduce reduce, Names names) {
    Ast.Bind one = onePattern(reduce.source(), reduce.patterns(), reduce.update());
    Bindings bindings = new Bindings(names);
    Matcher pattern = bindings.matcher(one.patterns().getFirst());
    return new FoldNodes.Reduce(
        compile(one.source(), names),
        pattern,
        compile(reduce.start(), names),
        compile(reduce.update(), bindings.names));
  }

  private Node foreach(Ast.Foreach foreach, Names names) {
    Ast.Bind one = onePattern(foreach.source(), foreach.patterns(), foreach.update());
    Bindings bindings = new Bindings(names);
    Matcher pattern = bindings.matcher(one.patterns().getFirst());
    return new FoldNodes.Foreach(
        compile(one.source(), names),
        pattern,
        compile(foreach.start(), names),
        compile(foreach.update(), bindings.names),
        compile(foreach.extract(), bindings.names));
  }

  /// `S as P ?// Q` in a fold reads as `(S as P ?// Q | [$a, $b]) as [$a, $b]`.
  private static Ast.Bind onePattern(Ast source, List<Pattern> patterns, Ast body) {
    if (patterns.size() == 1) {
      return new Ast.Bind(source, patterns, body);
    }
    List<String> variables = List.copyOf(variables(patterns));
    Ast elements = new Ast.Variable(variables.getFirst(), 0);
    List<Pattern> names = new ArrayList<>();
    names.add(new Pattern.Name(variables.getFirst()));
    for (String variable : variables.subList(1, variables.size())) {
      elements = new Ast.Comma(elements, new Ast.Variable(variable, 0));
      names.add(new Pattern.Name(variable));
    }
    Ast all = new Ast.Bind(source, patterns, new Ast.ArrayOf(elements));
    return new Ast.Bind(all, List.of(new Pattern.Elements(names)), body);
  }

  private Node bind(Node source, List<Pattern> patterns, Ast body, Names names) {
    if (patterns.size() == 1) {
      Bindings bindings = new Bindings(names);
      Matcher pattern = bindings.matcher(patterns.getFirst());
      return new BindNodes.Bind(source, pattern, compile(body, bindings.names));
    }
    Set<String> variables = variables(patterns);
    Names nulls = names;
    for (String variable : variables) {
      nulls = nulls.with(Kind.VARIABLE, variable);
    }
    List<Matcher> matchers = new ArrayList<>();
    List<Node> bodies = new ArrayList<>();
    for (Pattern pattern : patterns) {
      Bindings bindings = new Bindings(nulls);
      matchers.add(bindings.matcher(pattern));
      bodies.add(compile(body, bindings.names));
    }
    return new BindNodes.BindAny(source, matchers, bodies, variables.size());
  }

  private static Set<String> variables(List<Pattern> patterns) {
    Set<String> names = new LinkedHashSet<>();
    for (Pattern pattern : patterns) {
      collect(pattern, names);
    }
    return names;
  }

  private static void collect(Pattern pattern, Set<String> names) {
    switch (pattern) {
      case Pattern.Name(String name) -> names.add(name);
      case Pattern.Elements(List<Pattern> patterns) -> patterns.forEach(p -> collect(p, names));
      case Pattern.Fields(List<Pattern.Member> members) -> {
        for (Pattern.Member member : members) {
          if (member.name() != null) {
            names.add(member.name());
          }
          if (member.pattern() != null) {
            collect(member.pattern(), names);
          }
        }
      }
    }
  }

  /// The names a pattern adds, in the order in which it binds them.
  private final class Bindings {
    private Names names;

    Bindings(Names names) {
      this.names = names;
    }

    Matcher matcher(Pattern pattern) {
      return switch (pattern) {
        case Pattern.Name(String name) -> {
          names = names.with(Kind.VARIABLE, name);
          yield new BindNodes.One();
        }
        case Pattern.Elements(List<Pattern> patterns) -> {
          List<BindNodes.Part> parts = new ArrayList<>();
          for (Pattern element : patterns) {
            Node index = new AccessNodes.Constant(Numbers.of((long) parts.size()));
            parts.add(new BindNodes.Part(index, false, false, matcher(element)));
          }
          yield new BindNodes.Parts(List.copyOf(parts));
        }
        case Pattern.Fields(List<Pattern.Member> members) -> {
          List<BindNodes.Part> parts = new ArrayList<>();
          for (Pattern.Member member : members) {
            parts.add(part(member));
          }
          yield new BindNodes.Parts(List.copyOf(parts));
        }
      };
    }

    private BindNodes.Part part(Pattern.Member member) {
      Node key = compile(member.key(), names);
      if (member.name() != null) {
        names = names.with(Kind.VARIABLE, member.name());
      }
      Matcher nested = member.pattern() == null ? null : matcher(member.pattern());
      return new BindNodes.Part(key, true, member.name() != null, nested);
    }
  }
}
