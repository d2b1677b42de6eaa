package dev.skein.interpreter.expression;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// The functions written in Java, by name and number of arguments. Immutable once built.
final class Builtins {

  /// Of the input alone.
  interface Unary {
    JsonNode apply(Meter meter, JsonNode in);
  }

  /// Of the input and the values of the arguments; called for all combinations of them.
  interface Function {
    JsonNode apply(Env env, JsonNode in, List<JsonNode> arguments);
  }

  /// Has one output, and evaluates its arguments as it pleases.
  interface Computation {
    JsonNode apply(Env env, JsonNode in, List<Node> arguments);
  }

  /// Has any number of outputs, and evaluates its arguments as it pleases.
  interface Generator {
    boolean run(Env env, @Nullable Path path, JsonNode in, Node.Sink out, List<Node> arguments);
  }

  private interface Factory {
    Node create(List<Node> arguments);
  }

  private final Map<String, Factory> factories = new HashMap<>();
  private final Map<String, Unary> formats = new HashMap<>();

  Builtins() {
    ValueBuiltins.register(this);
    ArrayBuiltins.register(this);
    PathBuiltins.register(this);
    FlowBuiltins.register(this);
    StringBuiltins.register(this);
    MathBuiltins.register(this);
    DateBuiltins.register(this);
    RegexBuiltins.register(this);
    Formats.register(this);
    value("builtins", (meter, in) -> names(meter));
  }

  private JsonNode names(Meter meter) {
    return Values.array(
        meter, factories.keySet().stream().sorted().map(n -> Values.string(meter, n)).toList());
  }

  void value(String name, Unary unary) {
    factories.put(name + "/0", arguments -> new UnaryNode(unary));
  }

  void function(String name, int arity, Function function) {
    factories.put(name + "/" + arity, arguments -> new FunctionNode(function, arguments));
  }

  void computation(String name, int arity, Computation computation) {
    factories.put(name + "/" + arity, arguments -> new ComputationNode(computation, arguments));
  }

  void generator(String name, int arity, Generator generator) {
    factories.put(name + "/" + arity, arguments -> new GeneratorNode(generator, arguments));
  }

  void node(String name, Node node) {
    factories.put(name + "/0", arguments -> node);
  }

  void format(String name, Unary format) {
    formats.put(name, format);
  }

  /// The code of a call, or null if there is no such function.
  @Nullable Node call(String name, List<Node> arguments) {
    Factory factory = factories.get(name + "/" + arguments.size());
    return factory == null ? null : factory.create(arguments);
  }

  /// The code that renders a value, or null if there is no such format.
  @Nullable Node format(String name, Node value) {
    Unary format = formats.get(name);
    if (format == null) {
      return null;
    }
    return value instanceof AccessNodes.Identity
        ? new UnaryNode(format)
        : new FlowNodes.Pipe(value, new UnaryNode(format));
  }

  Unary formatter(String name) {
    Unary format = formats.get(name);
    if (format == null) {
      throw ExpressionException.evaluation(name + " is not a valid format");
    }
    return format;
  }

  private static final class UnaryNode extends Node.Single {
    private final Unary unary;

    UnaryNode(Unary unary) {
      this.unary = unary;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return unary.apply(env.meter, in);
    }
  }

  private static final class ComputationNode extends Node.Single {
    private final Computation computation;
    private final List<Node> arguments;

    ComputationNode(Computation computation, List<Node> arguments) {
      this.computation = computation;
      this.arguments = arguments;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return computation.apply(env, in, arguments);
    }
  }

  private static final class GeneratorNode extends Node {
    private final Generator generator;
    private final List<Node> arguments;

    GeneratorNode(Generator generator, List<Node> arguments) {
      this.generator = generator;
      this.arguments = arguments;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return generator.run(env, path, in, out, arguments);
    }
  }

  private static final class FunctionNode extends Node {
    private final Function function;
    private final List<Node> arguments;
    private final boolean single;

    FunctionNode(Function function, List<Node> arguments) {
      this.function = function;
      this.arguments = arguments;
      this.single = arguments.stream().allMatch(Node::single);
    }

    @Override
    boolean single() {
      return single;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      JsonNode[] values = new JsonNode[arguments.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments.get(i).value(env, in);
      }
      return function.apply(env, in, List.of(values));
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      JsonNode[] chosen = new JsonNode[arguments.size()];
      Arrays.fill(chosen, NullNode.instance);
      return choose(env, in, chosen.length - 1, chosen, path, out);
    }

    /// The last argument varies slowest.
    private boolean choose(
        Env env, JsonNode in, int index, JsonNode[] chosen, @Nullable Path path, Sink out) {
      env.meter.step();
      if (index < 0) {
        JsonNode value = function.apply(env, in, List.of(chosen));
        return out.accept(Path.computed(path, in, value), value);
      }
      return arguments
          .get(index)
          .each(
              env,
              in,
              value -> {
                chosen[index] = value;
                return choose(env, in, index - 1, chosen, path, out);
              });
    }
  }
}
