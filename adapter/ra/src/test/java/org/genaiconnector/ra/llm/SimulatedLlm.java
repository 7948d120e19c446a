package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.resource.ResourceException;
import java.util.List;
import java.util.function.Consumer;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * JUnit extension: one LLM simulator for all tests of a class, and connections to it. After every test it clears the
 * simulator's faults, script and traffic. Where every test needs a simulator of its own, use
 * {@link org.genaiconnector.testkit.SimulatorExtension}.
 */
final class SimulatedLlm implements AfterEachCallback, AfterAllCallback {
    /** One of each kind; {@link ProviderTest} has the others. */
    static final List<Provider> PROVIDERS =
            List.of(Provider.OPENAI, Provider.OPENAI_RESPONSES, Provider.ANTHROPIC, Provider.LOCAL);

    private final LlmSimulator simulator;

    SimulatedLlm() {
        this(LlmSimulator.start());
    }

    /** With a simulator that has settings of its own; this object closes it. */
    SimulatedLlm(LlmSimulator simulator) {
        this.simulator = simulator;
    }

    LlmSimulator simulator() {
        return simulator;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        forget();
    }

    /** Clears faults, script and traffic. */
    void forget() {
        simulator.faults().clear();
        simulator.script().clear();
        simulator.traffic().forget();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        simulator.close();
    }

    /** A factory for the simulator and its model "tiny". */
    LlmManagedConnectionFactory factory(Provider provider) {
        return factory(provider, simulator);
    }

    static LlmManagedConnectionFactory factory(Provider provider, LlmSimulator simulator) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl(
                (provider.protocol() == Protocol.MESSAGES ? simulator.anthropicUri() : simulator.openAiUri())
                        .toString());
        managed.setModel("tiny");
        managed.setProbeOnCreate(false);
        return managed;
    }

    LlmConnection connect(Provider provider) throws ResourceException {
        return connect(provider, managed -> {});
    }

    /**
     * A connection of a new factory.
     *
     * @param settings changes {@link #factory} before it connects
     */
    LlmConnection connect(Provider provider, Consumer<LlmManagedConnectionFactory> settings) throws ResourceException {
        LlmManagedConnectionFactory managed = factory(provider);
        settings.accept(managed);
        return connection(managed);
    }

    static LlmConnection connection(LlmManagedConnectionFactory managed) throws ResourceException {
        return ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection();
    }

    /** The bodies of all POST requests of this test, oldest first. */
    List<JsonObject> bodies() {
        return simulator.traffic().requests(Match.method("POST")).stream()
                .map(request -> (JsonObject) LenientJson.read(request.body()))
                .toList();
    }

    /** The body of the last POST request of this test. */
    JsonObject lastBody() {
        List<JsonObject> bodies = bodies();
        return bodies.get(bodies.size() - 1);
    }
}
