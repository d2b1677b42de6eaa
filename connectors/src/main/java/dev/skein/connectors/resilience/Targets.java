package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses where a call goes. Endpoints that fail are left out, but never more than half of them:
/// when most seem to fail, the cause is likely elsewhere. Thread-safe.
public final class Targets {
  private final Policy.Balance balance;
  private final List<Target> all;
  private final RandomGenerator random;
  private final long[] smooth;
  private int turn;

  /// @param random draws among endpoints
  public Targets(Policy policy, Timeline time, RandomGenerator random) {
    this.balance = policy.balance();
    this.random = random;
    this.all =
        policy.endpoints().stream()
            .map(endpoint -> new Target(endpoint, fuse(policy, endpoint, time), time))
            .toList();
    this.smooth = new long[all.size()];
  }

  private static @Nullable Fuse fuse(Policy policy, Policy.Endpoint endpoint, Timeline time) {
    return policy.breaker() == null
        ? null
        : new Fuse(policy.integration() + " " + endpoint.url(), policy.breaker(), time);
  }

  public List<Target> all() {
    return all;
  }

  /// @param except not this one, if there is another; null for any
  public synchronized Target choose(@Nullable Target except) {
    List<Target> fit = fit(except);
    if (fit.size() == 1) {
      return fit.getFirst();
    }
    return switch (balance.choice()) {
      case P2C -> {
        Target one = drawn(fit);
        Target other = drawn(fit);
        yield load(one) <= load(other) ? one : other;
      }
      case ROUND_ROBIN -> fit.get(Math.floorMod(turn++, fit.size()));
      case WEIGHTED -> smoothly(fit);
    };
  }

  private List<Target> fit(@Nullable Target except) {
    var fit = new ArrayList<Target>();
    for (Target target : all) {
      if (target != except && target.isFit()) {
        fit.add(target);
      }
    }
    if (fit.size() * 2 >= all.size() || (except != null && !fit.isEmpty())) {
      return fit;
    }
    var rest = new ArrayList<>(all);
    if (rest.size() > 1) {
      rest.remove(except);
    }
    return rest;
  }

  private static double load(Target target) {
    return (double) target.underWay() / target.endpoint().weight();
  }

  private Target drawn(List<Target> fit) {
    int sum = fit.stream().mapToInt(target -> target.endpoint().weight()).sum();
    int drawn = random.nextInt(sum);
    for (Target target : fit) {
      drawn -= target.endpoint().weight();
      if (drawn < 0) {
        return target;
      }
    }
    return fit.getLast();
  }

  /// Each gains its weight, the one that has most is taken and pays for all.
  private Target smoothly(List<Target> fit) {
    int best = -1;
    long sum = 0;
    for (int i = 0; i < smooth.length; i++) {
      Target target = all.get(i);
      if (fit.contains(target)) {
        smooth[i] += target.endpoint().weight();
        sum += target.endpoint().weight();
        best = best < 0 || smooth[i] > smooth[best] ? i : best;
      }
    }
    smooth[best] -= sum;
    return all.get(best);
  }
}
