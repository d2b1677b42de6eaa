package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads the tasks that direct the flow: switch, for, fork, try.
final class ControlReader {
  private final TaskReader tasks;
  private final Values values;
  private final References references;
  private final PolicyReader policies;

  ControlReader(TaskReader tasks, Values values, References references, PolicyReader policies) {
    this.tasks = tasks;
    this.values = values;
    this.references = references;
    this.policies = policies;
  }

  Task switchTask(Draft draft) {
    At at = draft.fields().required("switch");
    List<Yaml> items = values.items(at);
    List<Case> cases = new ArrayList<>();
    boolean defaultSeen = false;
    for (int i = 0; at != null && i < items.size(); i++) {
      At item = at.item(i, items.get(i));
      Map.Entry<String, Yaml.Entry> only = tasks.only(item, "case");
      if (only == null) {
        continue;
      }
      At content = item.child(only.getKey(), only.getValue().value());
      Case read = switchCase(only.getKey(), content, draft.siblings());
      if (read == null) {
        continue;
      }
      if (read.when() == null && !content.yaml().json().has("when")) {
        if (defaultSeen) {
          values
              .reports()
              .warn(
                  Code.UNREACHABLE,
                  only.getValue().key(),
                  content.path(),
                  "the switch has a default case already",
                  "give this one a 'when'");
        }
        defaultSeen = true;
      }
      cases.add(read);
    }
    if (at != null && at.yaml() instanceof Yaml.Sequence && items.isEmpty()) {
      values.reports().add(Code.SHAPE, at, "'switch' has no cases", null);
    }
    return new SwitchTask(draft.base(), List.copyOf(cases));
  }

  private @Nullable Case switchCase(String name, At at, Set<String> siblings) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    String when = values.expression(fields.optional("when"));
    Then then = tasks.then(fields.required("then"), siblings);
    fields.close();
    return new Case(name, when, then == null ? new Then.Continue() : then);
  }

  Task forTask(Draft draft) {
    Fields fields = draft.fields();
    Fields loop = values.fields(fields.required("for"));
    String each = "item";
    String at = "index";
    JsonNode in = null;
    if (loop != null) {
      each = values.variable(loop.optional("each"), each);
      at = values.variable(loop.optional("at"), at);
      in = collection(loop.required("in"));
      loop.close();
    }
    String condition = values.expression(fields.optional("while"));
    List<Task> body = tasks.list(fields.required("do"));
    return new ForTask(
        draft.base(),
        each,
        in == null ? JsonNodeFactory.instance.arrayNode() : in,
        at,
        condition,
        body,
        draft.skein().parallel());
  }

  private @Nullable JsonNode collection(@Nullable At at) {
    if (at == null) {
      return null;
    }
    if (at.yaml().json().isString()) {
      values.expression(at);
    } else if (at.yaml() instanceof Yaml.Sequence(_, _, List<Yaml> items)) {
      for (int i = 0; i < items.size(); i++) {
        At item = at.item(i, items.get(i));
        if (values.fields(item, "an object") != null) {
          values.template(item);
        }
      }
    } else {
      values.mistyped(at, "an expression or a list");
    }
    return at.yaml().json();
  }

  Task fork(Draft draft) {
    Fields fork = values.fields(draft.fields().required("fork"));
    if (fork == null) {
      return new ForkTask(draft.base(), List.of(), false);
    }
    List<Task> branches = tasks.branches(fork.required("branches"));
    boolean compete = values.bool(fork.optional("compete"), false);
    fork.close();
    return new ForkTask(draft.base(), branches, compete);
  }

  Task tryTask(Draft draft) {
    List<Task> body = tasks.list(draft.fields().required("try"));
    Fields handler = values.fields(draft.fields().required("catch"));
    Catch read = handler == null ? null : handler(draft, handler);
    return new TryTask(draft.base(), body, read == null ? catchAll(draft) : read);
  }

  private Catch handler(Draft draft, Fields fields) {
    JsonNode filter = JsonNodeFactory.instance.missingNode();
    Fields errors = values.fields(fields.optional("errors"));
    if (errors != null) {
      filter = policies.errorFilter(errors.optional("with"));
      errors.closeOpen();
    }
    String as = values.variable(fields.optional("as"), "error");
    String when = values.expression(fields.optional("when"));
    String exceptWhen = values.expression(fields.optional("exceptWhen"));
    RetryPolicy retry = references.retry(fields.optional("retry"));
    At body = fields.optional("do");
    List<Task> list = body == null ? List.of() : tasks.list(body);
    Then then = tasks.then(fields.optional("then"), draft.siblings());
    fields.close();
    return new Catch(
        filter, as, when, exceptWhen, retry, list, then == null ? draft.base().then() : then);
  }

  private static Catch catchAll(Draft draft) {
    return new Catch(
        JsonNodeFactory.instance.missingNode(),
        "error",
        null,
        null,
        null,
        List.of(),
        draft.base().then());
  }
}
