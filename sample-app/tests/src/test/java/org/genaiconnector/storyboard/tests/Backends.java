package org.genaiconnector.storyboard.tests;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.FreePort;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;

/**
 * The simulated backends of one application under test. At first everything is wrong: ComfyUI is down, and
 * the LLM accepts another key than the application has.
 */
public final class Backends implements AutoCloseable {

    /** The key the application is configured with. */
    static final String KEY = "sk-storyboard-b31f6d5a";
    /** How long the application may wait for a connection of the LLM's pool, in milliseconds. */
    static final int LLM_WAIT_MILLIS = 2_000;
    /** The size of that pool. */
    static final int LLM_CONNECTIONS = 10;

    private final Faults comfyUiFaults = new Faults();
    private final ComfyUiSimulator comfyUi =
            ComfyUiSimulator.builder().wrap(comfyUiFaults::wrap).start();
    /** On a port that no other program takes before it is started again. */
    private LlmSimulator llm = LlmSimulator.builder()
            .port(FreePort.reserve())
            .apiKeys("another-key")
            .start();

    Backends() throws IOException {
        comfyUi.kill();
    }

    /** The variables by which the application and the scripts of application servers know simulators; without a key. */
    public static Map<String, String> environment(ComfyUiSimulator comfyUi, LlmSimulator llm) {
        return Map.of(
                "COMFYUI_URL",
                comfyUi.uri().toString(),
                "LLM_PROVIDER",
                "LOCAL",
                "LLM_URL",
                llm.openAiUri().toString(),
                "LLM_MODEL",
                "simulator");
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(environment(comfyUi, llm));
        environment.put("LLM_API_KEY", KEY);
        environment.put("LLM_POOL_WAIT_MILLIS", Integer.toString(LLM_WAIT_MILLIS));
        return environment;
    }

    ComfyUiSimulator comfyUi() {
        return comfyUi;
    }

    Faults comfyUiFaults() {
        return comfyUiFaults;
    }

    LlmSimulator llm() {
        return llm;
    }

    /** From now on the LLM accepts the application's key, at the same address. */
    void acceptKey() {
        int port = llm.uri().getPort();
        llm.close();
        llm = LlmSimulator.builder().port(port).apiKeys(KEY).start();
    }

    @Override
    public void close() {
        comfyUi.close();
        llm.close();
    }
}
