package org.genaiconnector.ra.llm;

import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;

/** Simulated services as the targets "a", "b" and so on of one factory, all with the model "tiny". */
final class TargetServers implements AutoCloseable {
    private final List<LlmSimulator> servers = new ArrayList<>();

    TargetServers(int count) {
        for (int i = 0; i < count; i++) {
            servers.add(LlmSimulator.start());
        }
    }

    LlmSimulator server(int index) {
        return servers.get(index);
    }

    /** The members "targets" of a targets file. */
    String targets() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(
                            "\"%c\": {\"provider\": \"OPENAI\", \"address\": \"%s\", \"models\": {\"tiny\": {\"context\": %d}}}"
                                    .formatted('a' + i, servers.get(i).openAiUri(), 1_000 * (i + 1)));
        }
        return "\"targets\": {" + text + "}";
    }

    /** A factory whose model "fast" has all targets, in their order. */
    LlmManagedConnectionFactory factory(String model, String more) {
        StringBuilder use = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
            use.append(i == 0 ? "" : ", ").append("\"%c/tiny\"".formatted('a' + i));
        }
        return factory("{" + targets() + ", \"models\": {\"fast\": {\"use\": [" + use + "]" + model
                + "}}, \"defaultModel\": \"fast\"" + more + "}");
    }

    static LlmManagedConnectionFactory factory(String targets) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setTargets(targets);
        managed.setProbeOnCreate(false);
        managed.setMaxRetries(1);
        managed.setRetryDelayMillis(1);
        managed.setCircuitFailures(0);
        managed.setResponseTimeoutMillis(20_000);
        return managed;
    }

    LlmConnection connect(Consumer<LlmManagedConnectionFactory> settings, String model, String more)
            throws ResourceException {
        LlmManagedConnectionFactory managed = factory(model, more);
        settings.accept(managed);
        return SimulatedLlm.connection(managed);
    }

    /** How many chats a service has received. */
    int chats(int index) {
        return servers.get(index).traffic().requests(Match.method("POST")).size();
    }

    void forget() {
        for (LlmSimulator server : servers) {
            server.faults().clear();
            server.script().clear();
            server.traffic().forget();
        }
    }

    @Override
    public void close() {
        servers.forEach(LlmSimulator::close);
    }
}
