package org.genaiconnector.tests.payara;

import java.util.List;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;

/** The servers that the pools of a Payara Micro lead to; they run in the JVM of the tests, which make them misbehave. */
final class Backends {
    /** The key that the LLM service accepts. */
    static final String KEY = "sk-right-8c1f0a5e2b7d";

    /** A key that it refuses. */
    static final String WRONG_KEY = "sk-wrong-41d9be7703c6";

    static final List<String> SECRETS = List.of(KEY, WRONG_KEY);

    private static ComfyUiSimulator comfyUi;
    private static ComfyUiSimulator late;
    private static LlmSimulator llm;

    private Backends() {}

    static void start() {
        if (comfyUi == null) {
            comfyUi = ComfyUiSimulator.start();
            late = ComfyUiSimulator.start();
            late.kill();
            llm = LlmSimulator.builder().apiKeys(KEY).start();
        }
    }

    static void stop() {
        comfyUi.close();
        late.close();
        llm.close();
        comfyUi = null;
    }

    /** Up from the beginning. */
    static ComfyUiSimulator comfyUi() {
        return comfyUi;
    }

    /** Accepts {@link #KEY} only. */
    static LlmSimulator llm() {
        return llm;
    }

    /** Down when the application server starts; to be started with {@code restart}. */
    static ComfyUiSimulator late() {
        return late;
    }
}
