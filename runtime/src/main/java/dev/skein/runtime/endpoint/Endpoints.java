package dev.skein.runtime.endpoint;

import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All endpoints of the deployed workflows.
///
/// The newest version of a workflow answers at the path it declares; if it is published no more,
/// nobody does. Where it declares a version of its API it also answers at `/VERSION/PATH`, and so
/// does, for each other version of the API, the newest version of the workflow that declares it.
public final class Endpoints {
  public static final Endpoints NONE = new Endpoints(List.of(), List.of());

  private final List<Endpoint> all;
  private final List<Clash> clashes;

  private Endpoints(List<Endpoint> all, List<Clash> clashes) {
    this.all = all;
    this.clashes = clashes;
  }

  /// Two workflows want the same place; that which has been deployed for longer has it.
  public record Clash(Endpoint served, Endpoint refused) {
    public boolean isAbout(WorkflowRef workflow) {
      return isOf(served, workflow) || isOf(refused, workflow);
    }

    /// A workflow's own endpoints are no trouble: that of its newest version counts.
    boolean isOfOne() {
      return isOf(served, refused.workflow());
    }

    /// The one that is of another workflow.
    public Endpoint other(WorkflowRef workflow) {
      return isOf(served, workflow) ? refused : served;
    }

    private static boolean isOf(Endpoint endpoint, WorkflowRef workflow) {
      return endpoint.workflow().qualifiedName().equals(workflow.qualifiedName());
    }
  }

  /// A deployed version of a workflow.
  ///
  /// @param published null if it is not
  public record Deployed(
      WorkflowRef workflow, Instant deployedAt, Endpoint.@Nullable Published published) {}

  /// @param versions orders versions of a workflow
  public static Endpoints of(Collection<Deployed> deployed, Comparator<String> versions) {
    Map<String, List<Deployed>> workflows = new LinkedHashMap<>();
    deployed.stream()
        .sorted(Comparator.comparing(Deployed::deployedAt))
        .forEach(one ->
            workflows
                .computeIfAbsent(one.workflow.qualifiedName(), _ -> new ArrayList<>())
                .add(one));
    Map<String, Endpoint> byShape = new LinkedHashMap<>();
    List<Clash> clashes = new ArrayList<>();
    for (List<Deployed> ofOne : workflows.values()) {
      ofOne.sort(Comparator.comparing(one -> one.workflow.version(), versions));
      for (Endpoint endpoint : endpoints(ofOne)) {
        Endpoint served = byShape.putIfAbsent(endpoint.shape(), endpoint);
        var clash = served == null ? null : new Clash(served, endpoint);
        if (clash != null && !clash.isOfOne()) {
          clashes.add(clash);
        }
      }
    }
    List<Endpoint> all = new ArrayList<>(byShape.values());
    all.sort(Comparator.comparing(Endpoint::precision).thenComparing(Endpoint::path));
    return new Endpoints(List.copyOf(all), List.copyOf(clashes));
  }

  /// @param versions of one workflow, the newest last
  private static List<Endpoint> endpoints(List<Deployed> versions) {
    Endpoint.Published newest = versions.getLast().published;
    var endpoints = new ArrayList<Endpoint>();
    if (newest != null) {
      endpoints.add(Endpoint.at(newest.operation().path(), newest, null));
    }
    Map<String, Endpoint.Published> byApi = new TreeMap<>();
    for (Deployed one : versions) {
      String api = one.published == null ? null : one.published.operation().version();
      if (api != null && one.published != null) {
        byApi.put(api, one.published);
      }
    }
    for (Endpoint.Published published : byApi.values()) {
      String successor = newest == null || newest.equals(published) ? null : newest.lastingPath();
      endpoints.add(Endpoint.at(published.lastingPath(), published, successor));
    }
    return endpoints;
  }

  /// In the order in which they are tried.
  public List<Endpoint> all() {
    return all;
  }

  /// Endpoints that are not served, as another has their place.
  public List<Clash> clashes() {
    return clashes;
  }

  /// Those at a path, whatever their method.
  ///
  /// @param path its segments, decoded
  public List<Endpoint> at(String... path) {
    return all.stream().filter(endpoint -> endpoint.fit(path) != null).toList();
  }
}
