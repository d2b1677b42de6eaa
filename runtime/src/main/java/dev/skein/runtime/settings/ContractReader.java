package dev.skein.runtime.settings;

import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.Contract;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.Policy.Agreement.Strictness;
import dev.skein.model.ApiFile;
import dev.skein.model.Section;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what the calls of an integration are held against.
final class ContractReader {
  private static final Pattern FILE = Pattern.compile("(?s)(?!https?://)\\S.*");

  private ContractReader() {}

  static Policy.@Nullable Agreement contract(Section section) {
    String name = section.requiredText("openapi");
    Strictness request = section.choice("request", Strictness.class, Strictness.ENFORCE);
    Strictness response = section.choice("response", Strictness.class, Strictness.WARN);
    if (section.has("openapi") && !FILE.matcher(name).matches()) {
      section.wrong(
          "openapi",
          "'" + name + "' is no file: a contract lies beside the settings",
          "fetch what is on the web, and look at what changes with 'skein api diff'");
      return null;
    }
    ApiFile file = section.api("openapi");
    return file == null ? null : agreement(section, file, request, response);
  }

  private static Policy.@Nullable Agreement agreement(
      Section section, ApiFile file, Strictness request, Strictness response) {
    String name = file.uri().toString();
    try {
      ApiDocument api = ApiDocument.read(file.content());
      return new Policy.Agreement(
          new Contract(name, api, new ContractSchemas(api)), request, response);
    } catch (InvalidApi e) {
      section.wrong("openapi", name + " is no OpenAPI document: " + e.getMessage(), null);
      return null;
    }
  }
}
