package org.genaiconnector.ivt;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.ivt.beans.Calls;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Checks checks = new Checks(new Calls());

    private Report report() {
        return new Report(Instant.EPOCH, 5, Map.of("jdk", "17"), checks.outcomes(), new Usage());
    }

    @Test
    void saysOfEachCheckWhatCameOfIt() {
        assertThat(checks.run("pool", "good", () -> "seen")).isTrue();
        assertThat(checks.run("pool", "not here", () -> {
                    throw new SkippedException("does not apply");
                }))
                .isTrue();

        JsonObject json = report().toJson();
        assertThat(json.getString("result")).isEqualTo("ok");
        assertThat(json.getJsonArray("checks").getJsonObject(0).getString("result"))
                .isEqualTo("ok");
        assertThat(json.getJsonArray("checks").getJsonObject(1).getString("text"))
                .isEqualTo("does not apply");
    }

    @Test
    void givesWordsToSearchForWhenACheckFails() {
        assertThat(checks.run("pool", "bad", () -> {
                    throw new IllegalStateException("outside: inside", new IllegalArgumentException("inside"));
                }))
                .isFalse();

        JsonObject json = report().toJson();
        assertThat(json.getString("result")).isEqualTo("failed");
        JsonObject check = json.getJsonArray("checks").getJsonObject(0);
        assertThat(check.getString("text"))
                .isEqualTo("IllegalStateException: outside: inside; caused by IllegalArgumentException");
        assertThat(check.getJsonArray("searchFor").getString(1)).isEqualTo("inside");
        assertThat(check.getString("help")).startsWith("docs/troubleshooting.md#");
    }

    @Test
    void showsForeignTextAsText() {
        checks.run("pool", "good", () -> "<script>alert(1)</script>");

        assertThat(Page.of(Optional.of(report()))).contains("&lt;script&gt;").doesNotContain("<script>");
    }

    @Test
    void saysBeforeTheFirstRunWhatItCosts() {
        assertThat(Page.of(Optional.empty()))
                .contains("calls the model 3 times", "<button>")
                .doesNotContain("Last run");
    }
}
