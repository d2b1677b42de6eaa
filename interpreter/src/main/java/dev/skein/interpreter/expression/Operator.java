package dev.skein.interpreter.expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// The operators that combine two values.
enum Operator {
  ADD {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return Arithmetic.add(meter, a, b);
    }
  },
  SUBTRACT {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return Arithmetic.subtract(meter, a, b);
    }
  },
  MULTIPLY {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return Arithmetic.multiply(meter, a, b);
    }
  },
  DIVIDE {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return Arithmetic.divide(meter, a, b);
    }
  },
  REMAINDER {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return Arithmetic.remainder(a, b);
    }
  },
  EQUAL {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return BooleanNode.valueOf(Values.equal(meter, a, b));
    }
  },
  NOT_EQUAL {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return BooleanNode.valueOf(!Values.equal(meter, a, b));
    }
  },
  LESS {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return BooleanNode.valueOf(Values.compare(meter, a, b) < 0 || bothNaN(a, b));
    }
  },
  LESS_OR_EQUAL {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return BooleanNode.valueOf(Values.compare(meter, a, b) <= 0);
    }
  },
  GREATER {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return BooleanNode.valueOf(Values.compare(meter, a, b) > 0);
    }
  },
  GREATER_OR_EQUAL {
    @Override
    JsonNode apply(Meter meter, JsonNode a, JsonNode b) {
      return BooleanNode.valueOf(Values.compare(meter, a, b) >= 0 && !bothNaN(a, b));
    }
  };

  abstract JsonNode apply(Meter meter, JsonNode a, JsonNode b);

  /// NaN is less than NaN.
  private static boolean bothNaN(JsonNode a, JsonNode b) {
    return Numbers.isNaN(a) && Numbers.isNaN(b);
  }
}
