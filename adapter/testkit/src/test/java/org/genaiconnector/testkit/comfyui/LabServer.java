package org.genaiconnector.testkit.comfyui;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh simulator with the lab nodes for every test of a class. */
abstract class LabServer {
    ComfyUiSimulator server;
    TestClient client;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder().labNodes().start();
        client = new TestClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
