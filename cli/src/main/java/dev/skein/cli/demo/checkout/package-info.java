/// The three services of the checkout demo: inventory, payment and shipping.
///
/// Each is a real HTTP server with a durable ledger of its own, so that a crash of the coordinator,
/// of a service or of the whole machine can be judged afterwards by what the three ledgers say.
/// {@code LedgerService} is the engine they share; {@code Inventory}, {@code Payment} and {@code
/// Shipping} say what differs.
@NullMarked
package dev.skein.cli.demo.checkout;

import org.jspecify.annotations.NullMarked;
