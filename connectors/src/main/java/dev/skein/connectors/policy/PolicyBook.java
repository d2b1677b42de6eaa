package dev.skein.connectors.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All integrations that are declared, and what applies to a call by them: each block comes whole
/// from the most specific declaration that fits the call and has it.
public final class PolicyBook {
  public static final PolicyBook EMPTY = new PolicyBook(List.of());

  private final List<Declaration> mostSpecificFirst;
  private final Map<String, Declaration> byName = new LinkedHashMap<>();

  public PolicyBook(List<Declaration> declarations) {
    var sorted = new ArrayList<>(declarations);
    sorted.sort((a, b) -> Match.BY_SPECIFICITY.compare(b.match(), a.match()));
    this.mostSpecificFirst = List.copyOf(sorted);
    declarations.forEach(declaration -> byName.put(declaration.name(), declaration));
  }

  /// What applies, and where each block comes from.
  ///
  /// @param origins by the block's name: the declaration, or nothing for the default
  public record Effective(Policy policy, Map<String, Optional<Declaration>> origins) {}

  public Policy policy(Match.Call call) {
    return effective(call, null).policy();
  }

  /// @param forced the name of an integration whose blocks come first, whatever it matches; null
  ///   for none
  /// @throws IllegalArgumentException if there is no integration of that name
  public Effective effective(Match.Call call, @Nullable String forced) {
    var fitting = new ArrayList<Declaration>();
    if (forced != null) {
      Declaration first = byName.get(forced);
      if (first == null) {
        throw new IllegalArgumentException(
            "there is no integration '%s'; declared are: %s".formatted(forced, byName.keySet()));
      }
      fitting.add(first);
    }
    for (Declaration declaration : mostSpecificFirst) {
      if (!declaration.name().equals(forced) && declaration.match().fits(call)) {
        fitting.add(declaration);
      }
    }
    return new Choosing(fitting).effective();
  }

  /// Puts one policy together.
  private static final class Choosing {
    private final List<Declaration> fitting;
    private final Map<String, Optional<Declaration>> origins = new LinkedHashMap<>();

    Choosing(List<Declaration> fitting) {
      this.fitting = fitting;
    }

    Effective effective() {
      Policy d = Policy.DEFAULT;
      Policy policy =
          new Policy(
              fitting.isEmpty() ? d.integration() : fitting.getFirst().name(),
              block("endpoints", Declaration.Blocks::endpoints, d.endpoints()),
              block("balance", Declaration.Blocks::balance, d.balance()),
              block("auth", Declaration.Blocks::auth, d.auth()),
              block("timeout", Declaration.Blocks::timeout, d.timeout()),
              block("retry", Declaration.Blocks::retry, d.retry()),
              block("retryBudget", Declaration.Blocks::retryBudget, d.retryBudget()),
              block("hedge", Declaration.Blocks::hedge, d.hedge()),
              block("rateLimit", Declaration.Blocks::rateLimit, d.rateLimit()),
              block("concurrency", Declaration.Blocks::concurrency, d.concurrency()),
              block("breaker", Declaration.Blocks::breaker, d.breaker()),
              block("idempotency", Declaration.Blocks::idempotency, d.idempotency()),
              block("version", Declaration.Blocks::version, d.version()),
              block("egress", Declaration.Blocks::egress, d.egress()),
              owners());
      return new Effective(policy, origins);
    }

    private <T extends @Nullable Object> T block(
        String name, Function<Declaration.Blocks, @Nullable T> of, T otherwise) {
      for (Declaration declaration : fitting) {
        T found = of.apply(declaration.blocks());
        if (found != null) {
          origins.put(name, Optional.of(declaration));
          return found;
        }
      }
      origins.put(name, Optional.empty());
      return otherwise;
    }

    private Map<String, String> owners() {
      var owners = new LinkedHashMap<String, String>();
      origins.forEach((block, from) -> from.ifPresent(d -> owners.put(block, d.name())));
      return owners;
    }
  }

  /// What cannot be decided: two declarations that a call can both fit, of which neither is more
  /// specific, and that both have some block.
  public static Optional<Tie> tie(List<Declaration> declarations) {
    for (int i = 0; i < declarations.size(); i++) {
      for (int j = i + 1; j < declarations.size(); j++) {
        Declaration one = declarations.get(i);
        Declaration other = declarations.get(j);
        if (one.match().ties(other.match())) {
          for (String block : one.lines().keySet()) {
            if (other.lines().containsKey(block)) {
              return Optional.of(new Tie(one, other, block));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /// @param block that both have
  public record Tie(Declaration one, Declaration other, String block) {}
}
