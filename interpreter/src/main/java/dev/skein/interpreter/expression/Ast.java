package dev.skein.interpreter.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the source says, before names are resolved. Offsets count characters from 0.
sealed interface Ast {

  record Identity() implements Ast {}

  record Literal(JsonNode value) implements Ast {}

  record Index(Ast target, Ast key) implements Ast {}

  record Slice(Ast target, @Nullable Ast from, @Nullable Ast to) implements Ast {}

  record Iterate(Ast target) implements Ast {}

  record Format(String name, int offset) implements Ast {}

  /// A string of literal parts and holes.
  record Text(List<Ast> parts) implements Ast {}

  /// `\( )` in a string: its value as the format, or else as text.
  record Hole(@Nullable Format format, Ast value) implements Ast {}

  record ArrayOf(@Nullable Ast elements) implements Ast {}

  record ObjectOf(List<Entry> entries) implements Ast {}

  record Entry(Ast key, Ast value) {}

  record Negate(Ast operand) implements Ast {}

  record Pipe(Ast left, Ast right) implements Ast {}

  record Comma(Ast left, Ast right) implements Ast {}

  record Binary(Operator operator, Ast left, Ast right) implements Ast {}

  record And(Ast left, Ast right) implements Ast {}

  record Or(Ast left, Ast right) implements Ast {}

  record Alternative(Ast left, Ast right) implements Ast {}

  /// `target |= value`.
  record Update(Ast target, Ast value) implements Ast {}

  /// `target = value`.
  record Assign(Ast target, Ast value) implements Ast {}

  /// `target += value` and its kind; no operator stands for `//=`.
  record Modify(@Nullable Operator operator, Ast target, Ast value) implements Ast {}

  record If(Ast condition, Ast then, Ast otherwise) implements Ast {}

  record Try(Ast body, @Nullable Ast handler) implements Ast {}

  record Reduce(Ast source, List<Pattern> patterns, Ast start, Ast update) implements Ast {}

  record Foreach(Ast source, List<Pattern> patterns, Ast start, Ast update, Ast extract)
      implements Ast {}

  record Bind(Ast source, List<Pattern> patterns, Ast body) implements Ast {}

  record Define(Definition definition, Ast rest) implements Ast {}

  record Call(String name, List<Ast> arguments, int offset) implements Ast {}

  record Variable(String name, int offset) implements Ast {}

  record Label(String name, Ast body) implements Ast {}

  record Break(String name, int offset) implements Ast {}

  /// A function; a parameter whose name starts with `$` is bound to a value.
  record Definition(String name, List<String> parameters, Ast body) {}

  /// The left side of `as`.
  sealed interface Pattern {
    record Name(String name) implements Pattern {}

    record Elements(List<Pattern> patterns) implements Pattern {}

    record Fields(List<Member> members) implements Pattern {}

    /// `$name: pattern`, `key: pattern` or `$name` alone.
    record Member(Ast key, @Nullable String name, @Nullable Pattern pattern) {}
  }
}
