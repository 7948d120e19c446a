package org.genaiconnector.storyboard.tests;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The application on one application server with simulated backends, started once for all checks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class RunningApplication implements Application {

    private final Path home;
    private Backends backends;
    private Storyboard storyboard;
    private Rest rest;
    private ListeningSockets listening;
    private Browser browser;

    RunningApplication(String homeProperty) {
        home = Path.of(System.getProperty(homeProperty));
    }

    @BeforeAll
    void start() throws Exception {
        backends = new Backends();
        storyboard = Storyboard.launch(home, backends.environment());
        rest = new Rest(storyboard.uri());
        listening = ListeningSockets.touch(storyboard.processes());
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        if (storyboard != null) {
            storyboard.stop();
        }
        backends.close();
    }

    @Override
    public Backends backends() {
        return backends;
    }

    @Override
    public Storyboard storyboard() {
        return storyboard;
    }

    @Override
    public Rest rest() {
        return rest;
    }

    @Override
    public Browser browser() throws IOException {
        if (browser == null) {
            browser = Browser.start();
        }
        return browser;
    }

    @Override
    public ListeningSockets listening() {
        return listening;
    }
}
