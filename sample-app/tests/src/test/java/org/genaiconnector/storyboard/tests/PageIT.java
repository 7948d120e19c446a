package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The launcher with nothing configured, and the page in a browser: what a new user meets first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {

    private static final Path HOME = Path.of(System.getProperty("storyboard.micro"));

    private Storyboard storyboard;
    private URI address;
    private Browser browser;

    @BeforeAll
    void start() throws Exception {
        storyboard = Storyboard.launch(HOME, Map.of(), 0);
        address = storyboard.uri();
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        storyboard.stop();
    }

    @Test
    @Order(1)
    void saysWhichBackendsAreSimulated() {
        assertThat(storyboard.output()).contains("ComfyUI: a simulator", "LLM: a simulator");
    }

    @Test
    @Order(2)
    void namesThePortThatIsInUse() throws Exception {
        Storyboard second = Storyboard.launch(HOME, Map.of(), address.getPort());

        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
                .contains("port " + address.getPort(), "PORT=")
                .doesNotContain("\tat ");
    }

    @Test
    @Order(3)
    void tellsAStoryByKeyboardAlone() throws Exception {
        browser = Browser.start();
        browser.size(1280, 1500);
        browser.driver().get(address.toString());
        browser.awaitText("#server-facts", "0.33.0");
        browser.find("#idea")
                .sendKeys("A lighthouse keeper who collects falling stars", Keys.TAB, "3", Keys.TAB, Keys.ENTER);

        browser.awaitText(".scenes .state", "%");
        browser.screenshot("painting");
        browser.awaitText("#story-state", "Done");

        List<WebElement> pictures = browser.findAll(".scene img");
        assertThat(pictures).hasSize(3).allSatisfy(picture -> {
            assertThat(picture.getAttribute("alt")).contains("lighthouse");
            assertThat(picture.getAttribute("naturalWidth")).isEqualTo("512");
        });
        assertThat(browser.find("#announcer").getAttribute("textContent")).isEqualTo("The story is complete.");
    }

    @Test
    @Order(4)
    void talksWithTheModel() {
        browser.find("#chat-text").sendKeys("Hello", Keys.ENTER);

        browser.awaitText("#chat-log", "simulator");
        assertThat(browser.find("#chat-error").isDisplayed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1280, 1500, false", "1280, 1500, true", "390, 844, true"})
    @Order(5)
    void fitsItsWindow(int width, int height, boolean dark) throws Exception {
        browser.size(width, height);
        browser.dark(dark);

        browser.screenshot((dark ? "dark-" : "light-") + width);
        assertThat(browser.driver().executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo((long) width);
    }

    @Test
    @Order(6)
    void showsThePoolsAtWorkAndCountsAnew() throws Exception {
        browser.size(1280, 1700);
        browser.dark(false);
        browser.driver().get(address.resolve("operations.html").toString());
        browser.awaitText("#pool-llm .figures", "Output tokens");
        browser.awaitText("#health", "Ready");

        assertThat(browser.findAll(".charts canvas")).hasSize(8);
        assertThat(browser.find("#pool-comfyui .figures").getText())
                .contains("100.0 %")
                .containsPattern("Completed jobs\\s+[1-9]");
        assertThat(browser.find("#pool-comfyui .sides").getText())
                .contains("Borrowed", "not offered by this server")
                .doesNotContain("Suspected leaks");
        assertThat(browser.find("#pool-comfyui .circuit").getText()).isEqualTo("circuit closed");
        browser.screenshot("operations");
        String since = browser.find("#since").getText();
        browser.find("#reset").click();
        browser.awaitChange("#since", since);
        assertThat(browser.find("#error").isDisplayed()).isFalse();

        browser.driver().get(address.toString());
        browser.awaitText("#server-facts", "0.33.0");
    }

    @Test
    @Order(7)
    void showsThePoolsToPrometheus() throws Exception {
        String metrics = new Rest(address).get("/metrics").expect(200).text();

        assertThat(metrics)
                .containsPattern("genai_requests_total\\{[^}]*pool=\"ComfyUI at [^}]*} [1-9]")
                .containsPattern("genai_pool_connections\\{[^}]*pool=\"LLM service [^}]*} [1-9]");
    }

    @Test
    @Order(7)
    void keepsItsConsoleAndTheServersLogClean() throws Exception {
        assertThat(browser.console()).isEmpty();
        assertThat(ServerLog.troubles(storyboard.log())).isEmpty();
    }

    @Test
    @Order(8)
    void showsAnErrorInTheWordsOfTheServer() {
        browser.size(1280, 1500);
        browser.driver().executeScript("document.getElementById('scenes').removeAttribute('max')");
        browser.find("#idea").sendKeys("A whale");
        browser.find("#scenes").clear();
        browser.find("#scenes").sendKeys("13", Keys.ENTER);

        browser.awaitText("#idea-error", "\"scenes\" must be 1 to 12");
    }

    @Test
    @Order(9)
    void stopsOnASignalAndFreesItsPort() throws Exception {
        storyboard.stop();

        assertThat(ServerLog.troubles(storyboard.log())).isEmpty();
        try (ServerSocket socket = new ServerSocket(address.getPort())) {
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    @Order(10)
    void saysThatTheApplicationIsGone() {
        browser.find("#chat-text").sendKeys("Hello?", Keys.ENTER);

        browser.awaitText("#chat-error", "does not answer");
    }
}
