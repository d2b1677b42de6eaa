package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// The jq 1.7 language, evaluated in this process within limits. Without modules, and without sight
/// of the environment: `env` is empty and there are no inputs besides the one.
public final class Jq implements Expressions {
  private final Limits limits;
  private final Builtins builtins = new Builtins();
  private final Names prelude;

  public Jq(Limits limits) {
    this.limits = limits;
    Names names = Names.root();
    for (Ast.Definition definition : Parser.definitions(Prelude.SOURCE)) {
      names = new Compiler(builtins).define(definition, names);
    }
    this.prelude = names;
  }

  @Override
  public Expression compile(String source) {
    try {
      Node code = new Compiler(builtins).compile(Parser.parse(source), prelude);
      return new Compiled(code, limits);
    } catch (StackOverflowError e) {
      throw ExpressionException.limit("the expression is nested too deeply", e);
    }
  }

  private record Compiled(Node code, Limits limits) implements Expression {

    @Override
    public JsonNode evaluate(JsonNode input, Scope scope) {
      List<JsonNode> outputs = new ArrayList<>(1);
      Meter meter = new Meter(limits);
      run(
          meter,
          input,
          scope,
          value -> {
            outputs.add(value);
            return false;
          });
      return outputs.isEmpty() ? NullNode.instance : outputs.getFirst();
    }

    @Override
    public List<JsonNode> evaluateAll(JsonNode input, Scope scope) {
      List<JsonNode> outputs = new ArrayList<>();
      Meter meter = new Meter(limits);
      run(
          meter,
          input,
          scope,
          value -> {
            if (outputs.size() == limits.outputs()) {
              throw ExpressionException.limit(
                  "the expression has more than " + limits.outputs() + " outputs");
            }
            meter.chargeElement();
            outputs.add(value);
            return true;
          });
      return List.copyOf(outputs);
    }

    private void run(Meter meter, JsonNode input, Scope scope, Values.Visitor visitor) {
      JsonNode in = input.isMissingNode() ? NullNode.instance : input;
      try {
        code.each(new Env(meter, scope), in, value -> visitor.visit(meter.checked(value)));
      } catch (StackOverflowError e) {
        // The depth is counted, but how much stack a level takes is up to the JIT compiler.
        throw ExpressionException.limit("the expression recursed too deeply", e);
      }
    }
  }
}
