/// The expression language of workflows: an evaluator of jq 1.7 with hard limits.
///
/// Source goes through [Lexer] and [Parser] to an [Ast], which [Compiler] turns once into a tree of
/// [Node]s. A node pushes its outputs into a sink; the sink answers whether it wants more. Path
/// expressions run the same nodes with a path carried along. Every evaluation owns one [Meter],
/// which ends it when its time, memory or depth is used up.
@NullMarked
package dev.skein.interpreter.expression;

import org.jspecify.annotations.NullMarked;
