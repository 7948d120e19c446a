package org.genaiconnector.testkit;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the fault layer have in common: a small simulator behind it, new for each test. */
abstract class EchoTest {
    static final Duration SOON = Duration.ofSeconds(5);

    EchoSimulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = new EchoSimulator();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    RawHttp connect() throws IOException {
        return new RawHttp(simulator.uri());
    }
}
