package dev.skein.connectors.policy;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All integrations that are declared, and what applies to a call by them: each block comes whole
/// from the most specific declaration that fits the call and has it.
public final class PolicyBook {
  public static final PolicyBook EMPTY = new PolicyBook(List.of());

  private final List<Entry> entries;
  private final Untrusted untrusted;

  private record Entry(Declaration declaration, Condition condition) {
    static List<Entry> of(List<Declaration> declarations) {
      return declarations.stream()
          .map(declaration -> new Entry(declaration, new Condition(declaration.match())))
          .toList();
    }
  }

  private record Fitting(Declaration declaration, Condition.Closeness closeness) {}

  /// @throws IllegalArgumentException if a host of theirs is none
  public PolicyBook(List<Declaration> declarations) {
    this(declarations, Untrusted.NOBODY);
  }

  /// @throws IllegalArgumentException if a host of theirs is none
  public PolicyBook(List<Declaration> declarations, Untrusted untrusted) {
    this.entries = Entry.of(declarations);
    this.untrusted = untrusted;
  }

  /// What applies, and where each block comes from.
  ///
  /// @param origins by the block's name: the declaration, or nothing for the default
  /// @param untrusted whom the caller belongs to; null if it is trusted
  public record Effective(
      Policy policy, Map<String, Optional<Declaration>> origins, @Nullable Untrusted untrusted) {}

  public Policy policy(Match.Call call) {
    return effective(call, null).policy();
  }

  /// What may be reached at an address in the name of a workflow, its calls aside.
  ///
  /// @param workflow `namespace/name`
  public Policy.Egress egress(URI uri, String workflow) {
    return policy(new Match.Call("GET", uri, null, workflow, null, null)).egress();
  }

  /// @param forced the name of an integration whose blocks come first, whatever it matches; null
  ///   for none. It is a workflow that names it: so it does not open addresses that are denied, nor
  ///   sends anybody's credentials where they do not belong
  /// @throws IllegalArgumentException if there is no integration of that name
  public Effective effective(Match.Call call, @Nullable String forced) {
    List<Declaration> fitting = fits(call);
    Untrusted stranger = untrusted.has(call.workflow()) ? untrusted : null;
    if (forced == null) {
      return new Choosing(fitting, fitting).effective(stranger);
    }
    var first = new ArrayList<Declaration>();
    first.add(named(forced));
    fitting.stream().filter(one -> !one.name().equals(forced)).forEach(first::add);
    return new Choosing(first, fitting).effective(stranger);
  }

  private Declaration named(String name) {
    return entries.stream()
        .map(Entry::declaration)
        .filter(declaration -> declaration.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no integration '%s'; declared are: %s"
                    .formatted(
                        name, entries.stream().map(entry -> entry.declaration().name()).toList())));
  }

  /// Those that fit, the most specific first; of two that share no block, the one declared first.
  private List<Declaration> fits(Match.Call call) {
    if (entries.isEmpty()) {
      return List.of();
    }
    Place place = Place.of(call.uri());
    var fitting = new ArrayList<Fitting>();
    for (Entry entry : entries) {
      Condition.Closeness closeness = entry.condition().closeness(call, place);
      if (closeness != null) {
        fitting.add(new Fitting(entry.declaration(), closeness));
      }
    }
    fitting.sort((one, other) -> other.closeness().compareTo(one.closeness()));
    return fitting.stream().map(Fitting::declaration).toList();
  }

  /// Puts one policy together.
  private static final class Choosing {
    private static final Set<String> GUARDED = Set.of("auth", "egress");

    private final List<Declaration> first;
    private final List<Declaration> fitting;
    private final Map<String, Optional<Declaration>> origins = new LinkedHashMap<>();

    /// @param first whose blocks count, the first before the others
    /// @param fitting the same for what is not for a workflow to choose
    Choosing(List<Declaration> first, List<Declaration> fitting) {
      this.first = first;
      this.fitting = fitting;
    }

    /// @param untrusted null for a caller that is trusted
    Effective effective(@Nullable Untrusted untrusted) {
      Policy d = Policy.DEFAULT;
      Policy policy =
          new Policy(
              first.isEmpty() ? d.integration() : first.getFirst().name(),
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
              block("transform", Declaration.Blocks::transform, d.transform()),
              block("contract", Declaration.Blocks::contract, d.contract()),
              block(
                  "egress",
                  Declaration.Blocks::egress,
                  untrusted == null ? d.egress() : Policy.Egress.PUBLIC_ONLY),
              owners());
      return new Effective(policy, origins, untrusted);
    }

    private <T extends @Nullable Object> T block(
        String name, Function<Declaration.Blocks, @Nullable T> of, T otherwise) {
      for (Declaration declaration : GUARDED.contains(name) ? fitting : first) {
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
  /// specific to it, and a block that both have.
  public static List<Tie> ties(List<Declaration> declarations) {
    List<Entry> entries = Entry.of(declarations);
    var ties = new ArrayList<Tie>();
    for (int i = 0; i < entries.size(); i++) {
      for (Entry later : entries.subList(i + 1, entries.size())) {
        Entry earlier = entries.get(i);
        if (earlier.condition().ties(later.condition())) {
          later.declaration().lines().keySet().stream()
              .filter(earlier.declaration().lines()::containsKey)
              .forEach(
                  block -> ties.add(new Tie(earlier.declaration(), later.declaration(), block)));
        }
      }
    }
    return ties;
  }

  /// @param block that both have
  public record Tie(Declaration earlier, Declaration later, String block) {}
}
