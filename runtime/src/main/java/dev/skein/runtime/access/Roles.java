package dev.skein.runtime.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The role that somebody has in each namespace of workflows, and in all of them.
///
/// @param byNamespace under [#EVERYWHERE] the one for all
public record Roles(Map<String, Role> byNamespace) {
  public static final String EVERYWHERE = "*";
  public static final Roles NONE = new Roles(Map.of());

  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  public Roles {
    byNamespace = Map.copyOf(byNamespace);
  }

  public static Roles everywhere(Role role) {
    return new Roles(Map.of(EVERYWHERE, role));
  }

  /// @param namespaces none for all
  /// @throws IllegalArgumentException if one cannot be a namespace
  public static Roles of(Role role, List<String> namespaces) {
    if (namespaces.isEmpty()) {
      return everywhere(role);
    }
    var roles = new TreeMap<String, Role>();
    namespaces.forEach(namespace -> roles.put(checked(namespace), role));
    return new Roles(roles);
  }

  /// @param written as [#toString] writes it: `operator@shop,viewer@*`
  /// @throws IllegalArgumentException if it is not so
  public static Roles parse(String written) {
    var roles = new TreeMap<String, Role>();
    for (String grant : written.split(",", -1)) {
      int at = grant.indexOf('@');
      Role role = Role.of(at < 0 ? grant.strip() : grant.substring(0, at).strip());
      String namespace = at < 0 ? EVERYWHERE : grant.substring(at + 1).strip();
      roles.merge(checked(namespace), role, Roles::higher);
    }
    return new Roles(roles);
  }

  private static String checked(String namespace) {
    if (!namespace.equals(EVERYWHERE) && !NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException("'" + namespace + "' is no namespace");
    }
    return namespace;
  }

  private static Role higher(Role one, Role other) {
    return one.includes(other) ? one : other;
  }

  /// Both together.
  public Roles and(Roles others) {
    var all = new TreeMap<>(byNamespace);
    others.byNamespace.forEach((namespace, role) -> all.merge(namespace, role, Roles::higher));
    return new Roles(all);
  }

  /// Whether the role is had in one namespace at least.
  public boolean anywhere(Role least) {
    return byNamespace.values().stream().anyMatch(role -> role.includes(least));
  }

  public boolean everywhereAtLeast(Role least) {
    Role role = byNamespace.get(EVERYWHERE);
    return role != null && role.includes(least);
  }

  public boolean in(String namespace, Role least) {
    Role role = byNamespace.get(namespace);
    return everywhereAtLeast(least) || (role != null && role.includes(least));
  }

  /// Those of the namespaces asked for in which the role is had, as filters take them: none for
  /// all.
  ///
  /// @param asked null for all
  public Set<String> within(@Nullable String asked, Role least) {
    if (everywhereAtLeast(least)) {
      return asked == null ? Set.of() : Set.of(asked);
    }
    Set<String> had =
        byNamespace.entrySet().stream()
            .filter(grant -> grant.getValue().includes(least))
            .map(Map.Entry::getKey)
            .filter(namespace -> asked == null || namespace.equals(asked))
            .collect(Collectors.toCollection(TreeSet::new));
    return had.isEmpty() ? Set.of("") : had; // which no workflow has
  }

  @Override
  public String toString() {
    var grants = new ArrayList<>(byNamespace.entrySet());
    grants.sort(Comparator.comparing(Map.Entry::getKey));
    return grants.stream()
        .map(grant -> grant.getValue() + "@" + grant.getKey())
        .collect(Collectors.joining(","));
  }
}
