package dev.skein.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/// One compiled expression of jackson-jq with its input, to compare with.
final class JacksonJq {
  private final Scope scope = Scope.newEmptyScope();
  private final JsonQuery query;
  private final JsonNode input;

  JacksonJq(String source, String input) {
    BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, scope);
    try {
      this.query = JsonQuery.compile(source, Versions.JQ_1_7);
      this.input = new ObjectMapper().readTree(input);
    } catch (JsonQueryException e) {
      throw new IllegalArgumentException("jackson-jq does not compile " + source, e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the input is not JSON", e);
    }
  }

  /// The first output.
  JsonNode evaluate() {
    List<JsonNode> outputs = new ArrayList<>(1);
    try {
      query.apply(Scope.newChildScope(scope), input, outputs::add);
    } catch (JsonQueryException e) {
      throw new IllegalStateException("jackson-jq does not evaluate " + query, e);
    }
    return outputs.getFirst();
  }
}
