package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import java.net.URI;
import java.time.Duration;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page in a browser while backends fail: it shows that, and continues. */
interface PageChecks extends Application {

    private void begin(Browser browser, String idea) throws Exception {
        browser.size(1280, 1200);
        browser.driver().get(storyboard().uri().toString());
        browser.awaitText("#server-facts", "0.33.0");
        browser.find("#idea").sendKeys(idea, Keys.TAB, "2", Keys.TAB, Keys.ENTER);
        browser.awaitText("#story-idea", idea);
    }

    @Test
    default void showsThatTheModelFailsAndTriesAgain() throws Exception {
        Browser browser = browser();
        try {
            backends().llm().faults().next(4, LlmChecks.CHATS, Fault.status(500));
            begin(browser, "A whale");

            browser.awaitText("#story-state", "Failed");
            browser.awaitText("#story-error", "The language model has failed. Trying again may help.");
            assertThat(browser.find("#story-error").getText()).doesNotContain("500");
            browser.screenshot("failed");
            backends().llm().faults().clear();
            browser.find("#story-again").click();
            browser.awaitText("#story-state", "Done");
        } finally {
            browser.leave();
            backends().llm().faults().clear();
        }
    }

    @Test
    default void showsThatAStoryIsBeingWrittenAndCancelsIt() throws Exception {
        Browser browser = browser();
        try {
            backends().llm().faults().always(LlmChecks.CHATS, Fault.delay(Duration.ofMinutes(1)));
            begin(browser, "A whale");

            browser.awaitText("#story-state", "Writing");
            browser.awaitText("#story-clock", "for 2 s");
            browser.screenshot("writing");
            browser.find("#story-cancel").click();
            browser.awaitText("#story-state", "Cancelled");
        } finally {
            browser.leave();
            backends().llm().faults().clear();
        }
    }

    @Test
    default void showsThatComfyUiDoesNotRespond() throws Exception {
        Browser browser = browser();
        try {
            URI page = storyboard().uri();
            browser.size(390, 844);
            String id = rest().post(
                            "/api/stories",
                            "{\"idea\":\"a snail\",\"scenes\":1,\"parameters\":{\"sampler.steps\":5000}}")
                    .expect(202)
                    .object()
                    .getString("id");
            browser.driver().get(page.resolve("/?story=" + id).toString());
            browser.awaitText(".scene .state", "%");
            backends().comfyUi().kill();
            try {
                browser.awaitText("#story-note", "ComfyUI does not respond");
                assertThat(browser.find(".scene .state").getText()).isEqualTo("ComfyUI does not respond");
                browser.screenshot("silent");
            } finally {
                backends().comfyUi().restart();
            }
            browser.awaitText(".scene .state", "%"); // painted again
            assertThat(browser.find("#story-note").isDisplayed()).isFalse();
            browser.screenshot("again");
            rest().delete("/api/stories/" + id).expect(202);
            browser.awaitText("#story-state", "Cancelled");
        } finally {
            browser.leave();
        }
        eventually(() -> rest().get("/api/comfyui/system"), answer -> answer.status() == 200);
    }
}
