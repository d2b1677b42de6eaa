package dev.skein.interpreter.expression;

import tools.jackson.databind.JsonNode;

/// What one evaluation has used so far. Owned by the thread that evaluates.
///
/// Steps are counted and the clock is read only every [#STEPS_PER_LOOK] of them, and the time
/// counts from the first look: most expressions are over before, and asking the clock would take a
/// third of their time. Memory is an estimate of all that was built, whether it is still alive or
/// not; it errs on the high side.
final class Meter {
  private static final int STEPS_PER_LOOK = 1024;

  private static final int FEW_CELLS = 16;

  static final int ARRAY_BYTES = 64;
  static final int ELEMENT_BYTES = 32;
  static final int OBJECT_BYTES = 160;
  static final int FIELD_BYTES = 56;
  static final int STRING_BYTES = 64;

  private final Limits limits;
  private boolean timed;
  private long deadline;
  private int steps;
  private int cells;
  private long bytes;
  private int depth;

  Meter(Limits limits) {
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  /// To be called in every loop, so that none outlives the deadline.
  void step() {
    if ((++steps & (STEPS_PER_LOOK - 1)) == 0) {
      look();
    }
  }

  /// Counts work that one call does over many characters or elements, some 32 of them as a step.
  void work(long size) {
    long more = size >> 5;
    if (more >= STEPS_PER_LOOK) {
      look();
    } else if (more > 0) {
      int before = steps / STEPS_PER_LOOK;
      steps += (int) more;
      if (steps / STEPS_PER_LOOK != before) {
        look();
      }
    }
  }

  private void look() {
    long now = limits.nanoTime().getAsLong();
    if (!timed) {
      timed = true;
      deadline = now + limits.time().toNanos();
    }
    if (now - deadline > 0) {
      throw ExpressionException.limit(
          "the expression ran longer than " + limits.time().toMillis() + " ms");
    }
  }

  void charge(long more) {
    work(more);
    bytes += more;
    if (bytes > limits.bytes()) {
      throw ExpressionException.limit(
          "the expression built more than " + (limits.bytes() >> 20) + " MB");
    }
  }

  void chargeText(long length) {
    charge(STRING_BYTES + 2 * length);
  }

  void chargeArray(long size) {
    cells += (int) Math.min(size, 1 << 20);
    charge(ARRAY_BYTES + size * ELEMENT_BYTES);
  }

  void chargeElement() {
    cells++;
    charge(ELEMENT_BYTES);
    step();
  }

  void chargeObject(long size) {
    cells += (int) Math.min(size, 1 << 20);
    charge(OBJECT_BYTES + size * FIELD_BYTES);
  }

  long bytes() {
    return bytes;
  }

  /// Takes back what is known to be garbage again.
  void release(long less) {
    bytes -= less;
  }

  void enter() {
    if (++depth > limits.depth()) {
      throw ExpressionException.limit(
          "functions called each other more than " + limits.depth() + " deep");
    }
  }

  void leave() {
    depth--;
  }

  int depth() {
    return depth;
  }

  /// After a caught error: back to the depth of the one who caught it.
  void depth(int caught) {
    depth = caught;
  }

  void nested(int level) {
    if (level > limits.nesting()) {
      throw ExpressionException.limit("a value is nested more than " + limits.nesting() + " deep");
    }
  }

  /// Guards the reader of a result. Sharing makes it cheap to build a value that is endless to
  /// write, so a result of many parts is counted as it will be written. A handful of parts cannot
  /// multiply to much and is not looked at.
  JsonNode checked(JsonNode result) {
    if (cells > FEW_CELLS && result.isContainer() && weight(this, result) > limits.bytes()) {
      throw ExpressionException.limit(
          "the result is larger than " + (limits.bytes() >> 20) + " MB");
    }
    return result;
  }

  /// The estimated size of a value without regard to sharing; counting ends at the limit.
  static long weight(Meter meter, JsonNode value) {
    return value.isContainer() ? meter.weigh(value, 1, 0) : STRING_BYTES;
  }

  private long weigh(JsonNode container, int level, long before) {
    nested(level);
    long weight = before + OBJECT_BYTES;
    int bytes = container.isObject() ? FIELD_BYTES : ELEMENT_BYTES;
    for (JsonNode child : container.values()) {
      weight += bytes;
      if (weight > limits.bytes()) {
        return weight;
      }
      step();
      if (child.isContainer()) {
        weight = weigh(child, level + 1, weight);
      } else if (child.isString()) {
        weight += STRING_BYTES + 2L * child.stringValue().length();
      }
    }
    return weight;
  }
}
