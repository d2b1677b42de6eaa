package dev.skein.cli.demo.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LedgersTableTest {
  private static JsonNode ledger(String... states) {
    StringBuilder json = new StringBuilder("{");
    for (String state : states) {
      String[] parts = state.split(" ", -1);
      json.append(json.length() > 1 ? "," : "")
          .append(
              "\"%s\":{\"state\":\"%s\",\"effects\":%s}".formatted(parts[0], parts[1], parts[2]));
    }
    return JsonMapper.shared().readTree(json.append('}').toString());
  }

  @Test
  void showsAVerdictForEachOrderThatAnyLedgerKnows() {
    var table =
        new LedgersTable(
            ledger("ORD-1 held 1", "ORD-2 none 0", "ORD-3 held 1", "ORD-5 held 2"),
            ledger("ORD-1 held 1", "ORD-2 released 1", "ORD-3 held 1", "ORD-5 held 1"),
            ledger("ORD-1 held 1", "ORD-4 none 0", "ORD-5 held 1"));
    assertThat(table.render())
        .isEqualTo(
            """
            order  payment  inventory  shipping  verdict
            ORD-1  held     held       held      all
            ORD-2  none     released   none      none
            ORD-3  held     held       none      MIXED
            ORD-4  none     none       none      none
            ORD-5  held x2  held       held      MIXED
            """);
  }

  @Test
  void anEmptyTableIsItsHead() {
    var table = new LedgersTable(ledger(), ledger(), ledger());
    assertThat(table.render()).isEqualTo("order  payment  inventory  shipping  verdict\n");
  }
}
