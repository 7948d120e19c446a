package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long it takes from the end of a job, as its server writes it into the history, to the call of the bean. */
class LatencyTest {
    private static final int JOBS = 20;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final Faults faults = new Faults();
    private Bed bed;
    private ComfyUiSimulator server;

    @BeforeEach
    void start() {
        bed = new Bed();
        server = ComfyUiSimulator.builder()
                .nodeDelay(Duration.ofMillis(60))
                .wrap(faults::wrap)
                .start();
        bed.bean.behave(call -> heard.put(call.jobId(), System.currentTimeMillis()));
    }

    @AfterEach
    void stop() throws InterruptedException {
        bed.close();
        server.close();
    }

    @Test
    void theWebSocketMakesItShort() throws Exception {
        long median = median();

        System.out.println("From the end of a job to the bean, with the WebSocket: median " + median + " ms");
        assertThat(median).as("median, one poll period being 5 s").isLessThan(1_000);
    }

    @Test
    void withoutTheWebSocketItTakesNoLongerThanAPollingPeriod() throws Exception {
        faults.always(Match.path("/api/ws"), Fault.status(403));

        long median = median();

        System.out.println("From the end of a job to the bean, without the WebSocket: median " + median + " ms");
        assertThat(median).as("median, one poll period being 1 s").isLessThan(1_500);
    }

    private long median() throws Exception {
        bed.activate();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(bed.adapter);
        managed.setServerUrl(server.uri().toString());
        List<String> jobs = new ArrayList<>();
        try (ComfyUiConnection connection =
                ((ComfyUiConnectionFactory) managed.createConnectionFactory()).getConnection()) {
            for (int i = 0; i < JOBS; i++) {
                jobs.add(connection.queuePrompt(picture(i)).id());
            }
        }
        Bed.eventually(() -> heard.size() == JOBS);
        List<Long> latencies = new ArrayList<>();
        for (String job : jobs) {
            latencies.add(heard.get(job) - endMillis(job));
        }
        return latencies.stream().sorted().skip(JOBS / 2).findFirst().orElseThrow();
    }

    private static Workflow picture(int colour) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(colour));
    }

    /** When the server says that the job succeeded, by the clock that it shares with us. */
    private long endMillis(String job) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri().resolve("/history/" + job)).build();
        try (JsonReader reader = Json.createReader(
                http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body())) {
            JsonArray messages = reader.readObject()
                    .getJsonObject(job)
                    .getJsonObject("status")
                    .getJsonArray("messages");
            for (JsonValue message : messages) {
                if (message.asJsonArray().getString(0).equals("execution_success")) {
                    return message.asJsonArray()
                            .getJsonObject(1)
                            .getJsonNumber("timestamp")
                            .longValue();
                }
            }
        }
        throw new AssertionError(job + " has not succeeded");
    }
}
