package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A thousand calls of 64 threads on LangChain4j's own OpenAI client, on the bridge, and on LangChain4j's model over pooled
 * connections: first in peace, then while the service refuses everything for three seconds and says so in {@code Retry-After}.
 * Prints connections, requests, refusals and failed calls side by side.
 */
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "takes half a minute: -Dslow=true")
class StormTest {
    private static final int CALLS = 1_000;
    private static final int THREADS = 64;
    private static final int POOL = 16;
    private static final Duration STORM = Duration.ofSeconds(3);

    private record Figures(String client, long connections, int requests, int refusals, int failed, long millis) {
        String row() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %,d | %,d | %,d | %.1f s |",
                    client,
                    connections,
                    requests,
                    refusals,
                    failed,
                    millis / 1_000.0);
        }
    }

    private static ChatModel own(LlmSimulator backend) {
        return OpenAiChatModel.builder()
                .baseUrl(backend.openAiUri().toString())
                .apiKey("sk-test")
                .modelName("simulator")
                .build();
    }

    private static LlmConnectionFactory pooled(LlmSimulator backend) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider("OPENAI");
        managed.setServerUrl(backend.openAiUri().toString());
        managed.setApiKey("sk-test");
        managed.setModel("simulator");
        managed.setResourceAdapter(new GenAiResourceAdapter());
        return (LlmConnectionFactory) managed.createConnectionFactory(new BoundedPool(POOL));
    }

    private static ChatModel overThePool(LlmSimulator backend) {
        LlmConnectionFactory factory = pooled(backend);
        return OpenAiChatModel.builder()
                .httpClientBuilder(ConnectorHttpClientBuilder.of(factory))
                .baseUrl(factory.server().toString())
                .apiKey("of-the-pool")
                .maxRetries(0)
                .modelName("simulator")
                .build();
    }

    private static Figures measure(String client, Function<LlmSimulator, ChatModel> maker, Duration storm)
            throws Exception {
        try (LlmSimulator backend = LlmSimulator.builder()
                .profile(Profile.OPENAI)
                .models("simulator")
                .start()) {
            ChatModel model = maker.apply(backend);
            if (!storm.isZero()) {
                backend.faults().always(Fault.status(429).header("Retry-After", String.valueOf(storm.toSeconds())));
                CompletableFuture.delayedExecutor(storm.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> backend.faults().clear());
            }
            AtomicInteger failed = new AtomicInteger();
            long start = System.nanoTime();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    calls.add(threads.submit(() -> {
                        try {
                            model.chat("Hello");
                        } catch (LangChain4jException e) {
                            failed.incrementAndGet();
                        }
                    }));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
            } finally {
                threads.shutdownNow();
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            int requests = backend.traffic()
                    .requests(request -> request.method().equals("POST")) // and not the probe of the pool
                    .size();
            return new Figures(
                    client,
                    backend.traffic().connectionsOpened(),
                    requests,
                    requests - (CALLS - failed.get()),
                    failed.get(),
                    millis);
        }
    }

    private static List<Figures> all(Duration storm) throws Exception {
        return List.of(
                measure("LangChain4j's OpenAI model, its own HTTP client", StormTest::own, storm),
                measure("the bridge", backend -> ConnectorChatModel.of(pooled(backend)), storm),
                measure("LangChain4j's OpenAI model over pooled connections", StormTest::overThePool, storm));
    }

    @Test
    void takesFewerConnectionsAndLosesNoCallInAStorm() throws Exception {
        List<Figures> peace = all(Duration.ZERO);
        List<Figures> storm = all(STORM);
        for (List<Figures> figures : List.of(peace, storm)) {
            System.out.println("| client | connections | requests | refused | calls that failed | time |");
            System.out.println("|---|---:|---:|---:|---:|---:|");
            figures.forEach(one -> System.out.println(one.row()));
        }
        assertThat(peace).allSatisfy(one -> assertThat(one.failed()).isZero());
        for (Figures ours : storm.subList(1, 3)) {
            assertThat(ours.failed()).isZero();
            assertThat(ours.connections()).isLessThanOrEqualTo(2L * POOL);
            assertThat(ours.requests()).isLessThan(CALLS + 10 * POOL);
        }
    }
}
