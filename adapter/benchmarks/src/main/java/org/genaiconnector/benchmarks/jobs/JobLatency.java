package org.genaiconnector.benchmarks.jobs;

import jakarta.json.JsonArray;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.resource.ResourceException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.junit.TestAdapter;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;

/**
 * Measures the time from the end of a job, as ComfyUI writes it into its history, to the call of a message-driven bean.
 * Both are read from the same clock, in milliseconds.
 */
public final class JobLatency {
    /** How often ComfyUI is asked if there is no WebSocket, in milliseconds. */
    public static final double POLLING_PERIOD_MILLIS = 1_000;

    private static final long PATIENCE_SECONDS = 120;

    private JobLatency() {}

    /**
     * Measures with the WebSocket.
     *
     * @param jobs how many, one after another
     * @return milliseconds for each of them
     */
    public static List<Long> withSocket(int jobs) throws IOException, InterruptedException, ResourceException {
        return measure(jobs, new Faults());
    }

    /**
     * Measures as behind a proxy that lets no WebSocket through.
     *
     * @param jobs how many, one after another
     * @return milliseconds for each of them
     */
    public static List<Long> withoutSocket(int jobs) throws IOException, InterruptedException, ResourceException {
        return measure(jobs, new Faults().always(Match.path("/api/ws"), Fault.status(403)));
    }

    private static List<Long> measure(int jobs, Faults faults)
            throws IOException, InterruptedException, ResourceException {
        Bean bean = new Bean(jobs);
        try (ComfyUiSimulator backend = ComfyUiSimulator.builder()
                        .nodeDelay(Duration.ofMillis(50))
                        .wrap(faults::wrap)
                        .start();
                TestAdapter adapter = TestAdapter.start()) {
            adapter.listen(bean);
            List<String> ids = send(adapter, backend, jobs);
            if (!bean.heardAll.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(bean.heardAll.getCount() + " of " + jobs + " ends did not reach the listener");
            }
            List<Long> latencies = new ArrayList<>();
            for (String id : ids) {
                latencies.add(bean.heard.get(id) - endMillis(backend, id));
            }
            return latencies;
        }
    }

    private static List<String> send(TestAdapter adapter, ComfyUiSimulator backend, int jobs) throws ResourceException {
        ComfyUiConnectionFactory factory =
                adapter.comfyUi(Map.of("serverUrl", backend.uri().toString()));
        List<String> ids = new ArrayList<>();
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; i < jobs; i++) {
                ids.add(connection.queuePrompt(Workflow.parse("""
                        {"1": {"class_type": "EmptyImage",
                               "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                         "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(i))).id());
            }
        }
        return ids;
    }

    private static long endMillis(ComfyUiSimulator server, String job) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri().resolve("/history/" + job)).build();
        try (JsonReader reader = JsonProvider.provider()
                .createReader(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body())) {
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
        throw new IOException("Job " + job + " has not succeeded");
    }

    private static final class Bean implements ComfyUiJobListener {
        private final Map<String, Long> heard = new ConcurrentHashMap<>();
        private final CountDownLatch heardAll;

        private Bean(int jobs) {
            heardAll = new CountDownLatch(jobs);
        }

        @Override
        public void onCompleted(JobEvent event) {
            heard.put(event.jobId(), System.currentTimeMillis());
            heardAll.countDown();
        }
    }
}
