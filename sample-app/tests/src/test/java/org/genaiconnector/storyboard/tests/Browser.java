package org.genaiconnector.storyboard.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.genaiconnector.testkit.FreePort;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium; {@code -Dchrome.binary} and {@code -Dchrome.driver} name its files. */
public final class Browser {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;
    private final Path screenshots;

    private Browser(ChromeDriver driver, Path screenshots) {
        this.driver = driver;
        this.screenshots = screenshots;
    }

    /** Starts the browser. Without one the test is skipped, except in continuous integration (CI=true). */
    public static Browser start() throws IOException {
        Path binary = Path.of(System.getProperty("chrome.binary", "/usr/bin/chromium"));
        Path driver = Path.of(System.getProperty("chrome.driver", "/usr/bin/chromedriver"));
        if (!Boolean.parseBoolean(System.getenv("CI"))) {
            Assumptions.assumeTrue(
                    Files.isExecutable(binary) && Files.isExecutable(driver),
                    () -> "The page is not tested: " + binary + " or " + driver
                            + " is missing. Set -Dchrome.binary and -Dchrome.driver");
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(binary.toFile())
                .addArguments(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--user-data-dir=" + Files.createTempDirectory("chromium"));
        options.setCapability("goog:loggingPrefs", logs);
        // Selenium downloads a driver unless one is named
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingPort(FreePort.reserve())
                .build();
        Path screenshots = Files.createDirectories(Path.of(System.getProperty("screenshots")));
        return new Browser(new ChromeDriver(service, options), screenshots);
    }

    public ChromeDriver driver() {
        return driver;
    }

    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public List<WebElement> findAll(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    public void awaitText(String selector, String text) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> selector + " should be \"" + text + "\" and is \""
                        + find(selector).getText() + "\"")
                .until(page -> find(selector).getText().contains(text));
    }

    void await(BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE).until(page -> condition.getAsBoolean());
    }

    void awaitChange(String selector, String text) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> selector + " should no longer be \"" + text + "\"")
                .until(page -> !find(selector).getText().equals(text));
    }

    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    public void dark(boolean on) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", on ? "dark" : "light"))));
    }

    /** Messages in the console of the page, including network errors and violations of the content policy. */
    public List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    public void screenshot(String name) throws IOException {
        Files.write(screenshots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Leaves the page, with which its connections end. */
    void leave() {
        driver.get("about:blank");
    }

    public void quit() {
        driver.quit();
    }
}
