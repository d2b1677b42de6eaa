package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.supervision.alert.AlertRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The settings in docs/alerts.md and docs/observability.md are read, and the conditions can be
/// told.
class AlertsDocTest {
  private static final Pattern SETTINGS = Pattern.compile("(?s)```yaml\n# skein.yaml\n(.*?)```");

  @TempDir private Path data;

  private static List<String> settings(String document) throws Exception {
    Matcher block = SETTINGS.matcher(Files.readString(Path.of("..", "docs", document)));
    var found = new ArrayList<String>();
    while (block.find()) {
      found.add(block.group(1));
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"alerts.md", "observability.md"})
  void settingsAreRead(String document) throws Exception {
    assertThat(settings(document))
        .isNotEmpty()
        .allSatisfy(text -> assertThat(Settings.read(text).diagnostics()).isEmpty());
  }

  @Test
  void conditionsCanBeTold() throws Exception {
    Settings settings =
        Objects.requireNonNull(Settings.read(settings("alerts.md").getFirst()).result());
    assertThat(settings.alerts().rules()).hasSizeGreaterThan(3);
    try (Skein skein = Skein.open(Location.in(data), EngineOptions.DEFAULT, Settings.NONE)) {
      JsonNode now = skein.overview().get();
      for (AlertRule rule : settings.alerts().rules()) {
        assertThat(rule.condition().judge(now, now).holds()).as(rule.name()).isFalse();
      }
    }
  }
}
