package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.support.ui.Select;

/** The launcher without configuration, and the page in a browser: what a new user sees first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {

    private static final Path HOME = Path.of(System.getProperty("storyboard.micro"));

    private Storyboard storyboard;
    private URI address;
    private ListeningSockets listening;
    private Browser browser;

    @BeforeAll
    void start() throws Exception {
        storyboard = Storyboard.launch(HOME, Map.of());
        address = storyboard.uri();
        listening = ListeningSockets.touch(storyboard.processes());
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
    void printsWhichBackendsAreSimulated() {
        assertThat(storyboard.output()).contains("ComfyUI: a simulator", "LLM: a simulator");
    }

    @Test
    @Order(1)
    void printsOnlyWhatAUserNeeds() {
        assertThat(lines()).hasSize(5).first(InstanceOfAssertFactories.STRING).startsWith("Starting Payara Micro");
        assertThat(lines()).last(InstanceOfAssertFactories.STRING).startsWith("Storyboard is ready: http://localhost:");
    }

    @Test
    @Order(12)
    void listensAsTheDocumentationShows() throws Exception {
        assertThat(listening.assertOnLoopbackOnly())
                .isEqualTo(ListeningChecks.documented("./mvnw -Prun").size());
    }

    /** The output, without Java's message about a variable of its environment. */
    private List<String> lines() {
        return storyboard
                .output()
                .lines()
                .filter(line -> !line.startsWith("Picked up "))
                .toList();
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
    @Order(2)
    @EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "takes long: -Dslow=true")
    void refusesCallersThatAreNotWellFormed() throws Exception {
        Storyboard wrong = Storyboard.launch(HOME, Map.of("STORYBOARD_CALLERS", "alice:one,two"), 0);

        assertThat(wrong.awaitEnd()).isEqualTo(1);
        assertThat(wrong.output())
                .contains("entry 2 is not NAME:PASSWORD; write \\, for a comma")
                .doesNotContain("one,two");
    }

    @Test
    @Order(3)
    void createsAStoryWithTheKeyboardAlone() throws Exception {
        browser = Browser.start();
        browser.size(1280, 1500);
        browser.driver().get(address.toString());
        browser.awaitText("#server-facts", "0.33.0");
        browser.find("#idea")
                .sendKeys("A lighthouse keeper who collects falling stars", Keys.TAB, "3", Keys.TAB, Keys.ENTER);

        browser.awaitText(".scenes .state", "%");
        browser.screenshot("painting");
        browser.awaitText("#story-state", "Done");

        assertPictures(3);
        assertThat(browser.findAll(".scene .text"))
                .allSatisfy(text -> assertThat(text.getText()).contains("lighthouse"));
        assertThat(browser.find("#announcer").getAttribute("textContent")).isEqualTo("The story is complete.");
    }

    private void assertPictures(int number) {
        assertThat(browser.findAll(".scene img"))
                .hasSize(number)
                .allSatisfy(picture ->
                        assertThat(picture.getAttribute("naturalWidth")).isEqualTo("512"));
        assertThat(browser.findAll(".scene .picture"))
                .allSatisfy(
                        button -> assertThat(button.getAttribute("aria-label")).contains("Enlarge"));
    }

    @Test
    @Order(4)
    void keepsTheStoryInItsAddressAndInTheList() {
        String address = browser.driver().getCurrentUrl();
        assertThat(address).contains("?story=");

        browser.driver().navigate().refresh();
        browser.awaitText("#story-state", "Done");
        browser.awaitText("#stories-list", "Done");
        browser.driver().get(this.address.toString());
        browser.awaitText("#stories-list", "lighthouse");
        assertThat(browser.find("#story").isDisplayed()).isFalse();
        browser.find("#stories-list a").click();

        browser.awaitText("#story-state", "Done");
        browser.awaitText("#story-idea", "lighthouse");
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(address);
        browser.driver().navigate().back();
        browser.await(() -> !browser.find("#story").isDisplayed());
        browser.driver().navigate().forward();
        browser.awaitText("#story-state", "Done");
        browser.await(() -> browser.findAll(".scene img").stream()
                .allMatch(picture -> "512".equals(picture.getAttribute("naturalWidth"))));
    }

    @Test
    @Order(5)
    void enlargesAPictureAndOffersItForDownload() throws Exception {
        browser.find(".scene .picture").click();

        assertThat(browser.find("#viewer").isDisplayed()).isTrue();
        browser.await(() -> "512".equals(browser.find("#viewer-image").getAttribute("naturalWidth")));
        assertThat(browser.find("#viewer-download").getAttribute("href")).contains("/outputs/");
        browser.screenshot("viewer");
        browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
        browser.await(() -> !browser.find("#viewer").isDisplayed());
        assertThat(browser.driver().switchTo().activeElement().getAttribute("class"))
                .contains("picture");
    }

    /** A stream for each scene would use all six connections of the browser. */
    @Test
    @Order(6)
    void worksWithManyUnfinishedScenes() throws Exception {
        browser.find("#idea").clear();
        browser.find("#idea").sendKeys("A whale that learns to fly", Keys.TAB, "10", Keys.TAB, Keys.ENTER);
        browser.awaitText(".scene:nth-child(10)", "Waiting");
        browser.find("#chat-text").sendKeys("Are you there?", Keys.ENTER);
        browser.awaitText("#chat-log", "simulator");
        browser.await(() -> browser.findAll(".scene img").stream()
                .anyMatch(picture -> "512".equals(picture.getAttribute("naturalWidth"))));
        WebElement last = browser.find(".scene:nth-child(10)");
        WebElement cancel = last.findElement(By.className("cancel"));
        assertThat(cancel.getAttribute("aria-label")).isEqualTo("Cancel scene 10");
        cancel.sendKeys(Keys.ENTER);
        browser.awaitText(".scene:nth-child(10) .state", "Cancelled");
        browser.screenshot("many");

        assertThat(browser.find("#story-state").getText()).isEqualTo("Painting");
        assertThat(browser.driver().switchTo().activeElement().getAttribute("aria-label"))
                .as("the focus, which was on the hidden button")
                .isEqualTo("Paint again: scene 10");
        assertThat(browser.driver()
                        .executeScript("return performance.getEntriesByType('resource')"
                                + ".filter(entry => /\\/events$/.test(entry.name)).length"))
                .isEqualTo(0L); // an entry comes with the end of a request, and the one stream has not ended

        browser.find("#story-cancel").click();
        browser.awaitText("#story-state", "Cancelled");
        last.findElement(By.className("again")).click();
        browser.awaitText("#story-state", "Painting");
        browser.await(() -> "512".equals(last.findElement(By.tagName("img")).getAttribute("naturalWidth")));
    }

    @Test
    @Order(7)
    void showsTheSameStoryInASecondTab() {
        String first = browser.driver().getWindowHandle();
        String story = browser.driver().getCurrentUrl();
        browser.driver().switchTo().newWindow(WindowType.TAB);
        browser.driver().get(story);
        browser.awaitText("#story-idea", "whale");
        browser.driver().close();
        browser.driver().switchTo().window(first);
        browser.awaitText("#story-idea", "whale");
    }

    @Test
    @Order(8)
    void paintsOverAPictureOfTheUsersOwnInAChosenSize() throws Exception {
        Path picture = Files.write(Files.createTempFile("own", ".png"), Pictures.ofColor(0x336699));
        browser.find(".choices summary").click();
        new Select(browser.find("#template")).selectByValue("image-to-image");
        new Select(browser.find("#size")).selectByVisibleText("768 × 512");
        browser.find("#picture").sendKeys(picture.toString());
        browser.screenshot("choices");
        browser.find("#idea").clear();
        browser.find("#idea").sendKeys("A fox", Keys.TAB, "1", Keys.TAB, Keys.ENTER);

        browser.awaitText("#story-idea", "fox");
        browser.awaitText("#story-state", "Done");
        browser.await(() -> "768".equals(browser.find(".scene img").getAttribute("naturalWidth")));
        browser.driver().get(address.toString());
    }

    @Test
    @Order(9)
    void chatsWithTheModel() {
        browser.find("#chat-text").sendKeys("Hello", Keys.ENTER);

        browser.awaitText("#chat-log", "simulator");
        assertThat(browser.find("#chat-error").isDisplayed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1280, 1500, false", "1280, 1500, true", "390, 844, true"})
    @Order(10)
    void fitsItsWindow(int width, int height, boolean dark) throws Exception {
        browser.size(width, height);
        browser.dark(dark);

        browser.screenshot((dark ? "dark-" : "light-") + width);
        assertThat(browser.driver().executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo(browser.driver().executeScript("return document.documentElement.clientWidth"));
    }

    @Test
    @Order(11)
    void showsThePoolsAndResetsTheStatistics() throws Exception {
        browser.size(1280, 1700);
        browser.dark(false);
        browser.driver().get(address.resolve("operations.html").toString());
        browser.awaitText("#pool-llm .figures", "Output tokens");
        browser.awaitText("#health", "Ready");

        assertThat(browser.findAll(".charts canvas")).hasSize(8);
        assertThat(browser.find("#pool-comfyui .figures").getText())
                .containsPattern("Open connections\\s+\\d of 5")
                .contains("100.0 %")
                .containsPattern("Completed jobs\\s+[1-9]");
        assertThat(browser.find("#pool-comfyui .sides").getText())
                .contains("Borrowed", "not available on this application server")
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
    @Order(12)
    void showsThePoolsToPrometheus() throws Exception {
        String metrics = new Rest(address).get("/metrics").expect(200).text();

        assertThat(metrics)
                .containsPattern("genai_requests_total\\{[^}]*pool=\"ComfyUI at [^}]*} [1-9]")
                .containsPattern("genai_pool_connections\\{[^}]*pool=\"LLM service [^}]*} [1-9]");
    }

    @Test
    @Order(13)
    void logsNothingUnexpectedInBrowserAndApplicationServer() throws Exception {
        assertThat(browser.console()).isEmpty();
        assertThat(ServerLog.troubles(storyboard.log())).isEmpty();
    }

    @Test
    @Order(14)
    void showsAnErrorInTheWordsOfTheApplication() {
        browser.size(1280, 1500);
        browser.driver().executeScript("document.getElementById('scenes').removeAttribute('max')");
        browser.find("#idea").sendKeys("A whale");
        browser.find("#scenes").clear();
        browser.find("#scenes").sendKeys("13", Keys.ENTER);

        browser.awaitText("#idea-error", "\"scenes\" must be 1 to 12");
    }

    @Test
    @Order(15)
    void stopsOnASignalAndFreesItsPort() throws Exception {
        List<String> before = lines();

        storyboard.stop();

        assertThat(lines()).isEqualTo(before);

        assertThat(ServerLog.troubles(storyboard.log())).isEmpty();
        try (ServerSocket socket = new ServerSocket(address.getPort())) {
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    @Order(16)
    void showsThatTheApplicationIsGone() {
        browser.find("#chat-text").sendKeys("Hello?", Keys.ENTER);

        browser.awaitText("#chat-error", "does not respond");
    }
}
