package org.genaiconnector.tests.payara;

import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.Secrets;

/** The backends of the pools of a Payara Micro; they run in the JVM of the tests, which make them misbehave. */
public final class Backends {
    private static ComfyUiSimulator comfyUi;
    private static ComfyUiSimulator late;
    private static LlmSimulator llm;

    private Backends() {}

    static void start() {
        if (comfyUi == null) {
            comfyUi = ComfyUiSimulator.start();
            late = ComfyUiSimulator.start();
            late.kill();
            llm = LlmSimulator.builder().apiKeys(Secrets.KEY).start();
        }
    }

    static void stop() {
        comfyUi.close();
        late.close();
        llm.close();
        comfyUi = null;
    }

    /** Up from the start. */
    public static ComfyUiSimulator comfyUi() {
        return comfyUi;
    }

    /** Accepts {@link Secrets#KEY} only. */
    public static LlmSimulator llm() {
        return llm;
    }

    /** Down when the application server starts; {@code restart} starts it. */
    public static ComfyUiSimulator late() {
        return late;
    }
}
