package org.genaiconnector.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.openejb.dyni.DynamicSubclass;
import org.apache.openejb.util.proxy.LocalBeanProxyFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The adapter in the engine of TomEE, which has no Jersey and another JSON processor than Payara. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TomEeIT implements TomEeTransactions {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofMillis(500);
    private static final int SLOTS = 2;
    private static final int CALLERS = 10;
    private static final Match CHAT = Match.path("/v1/chat/completions");

    private final LlmSimulator llm = LlmSimulator.start();
    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private TomEe tomEe;
    private Checks checks;

    @BeforeAll
    void start() throws Exception {
        tomEe = new TomEe();
        TomEe.configure(
                "org.genaiconnector.llm.LlmConnectionFactory",
                Map.of(
                        "serverUrl", llm.openAiUri().toString(),
                        "model", "gpt-test",
                        "apiKey", "sk-pool",
                        "AllConnectionsEqual", "false",
                        "PoolMaxSize", String.valueOf(SLOTS),
                        "ConnectionMaxWaitTime", "30 seconds"));
        TomEe.configure(
                "org.genaiconnector.comfyui.ComfyUiConnectionFactory",
                Map.of("serverUrl", comfyUi.uri().toString()));
        checks = tomEe.deploy();
    }

    @AfterAll
    void stop() throws Exception {
        tomEe.undeploy();
        TomEe.stop();
        comfyUi.close();
        llm.close();
    }

    @AfterEach
    void leavesNoConnectionInUse() {
        llm.faults().clear();
        assertThat(checks.active()).isZero();
    }

    @Override
    public Checks checks() {
        return checks;
    }

    @Test
    void chats() throws Exception {
        assertThat(checks.chat(null)).isNotBlank();
    }

    @Test
    void closesAStreamEarly() throws Exception {
        for (int i = 0; i < 2 * SLOTS; i++) {
            assertThat(checks.beginningOfStream()).isNotEmpty();
        }
        assertThat(checks.chat(null)).isNotBlank();
    }

    @Test
    void passesAKeyWithACall() throws Exception {
        llm.traffic().forget();
        checks.chat("sk-call");
        checks.chat(null);
        assertThat(llm.traffic().requests(CHAT))
                .extracting(request -> request.header("Authorization").orElseThrow())
                .containsExactly("Bearer sk-call", "Bearer sk-pool");
    }

    @Test
    void callersOfAFullPoolWait() throws Exception {
        checks.chat(null);
        llm.faults().always(CHAT, Fault.delay(CALL));
        Duration ideal = CALL.multipliedBy(CALLERS / SLOTS);
        Duration longest = ideal.multipliedBy(115).dividedBy(100);

        Duration took = timeOfAllCalls();
        for (int again = 0; again < 2 && took.compareTo(longest) > 0; again++) { // other processes may have been busy
            took = timeOfAllCalls();
        }

        assertThat(took).isBetween(ideal, longest);
        assertThat(llm.traffic().connectionsOpen()).isLessThanOrEqualTo(SLOTS);
    }

    private Duration timeOfAllCalls() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        Callable<String> call = () -> checks.chat(null);
        long start = System.nanoTime();
        List<Future<String>> answers = threads.invokeAll(Collections.nCopies(CALLERS, call));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        threads.shutdown();
        for (Future<String> answer : answers) {
            assertThat(answer.get()).isNotBlank();
        }
        return took;
    }

    @Test
    void sendsAtTheCommitAndTellsTheBean() throws Exception {
        String job = checks.queue(8);
        assertThat(checks.await(job)).isEqualTo("COMPLETED");
        await().atMost(LONG).untilAsserted(() -> assertThat(Heard.of(job)).containsExactly("COMPLETED"));
    }

    @Test
    void sendsNothingAfterARollback() throws Exception {
        String job = checks.queueAndRollBack();
        assertThat(checks.state(job)).isEqualTo("unknown");
    }

    @Test
    void letsTwoConnectionsBeOpenInOneTransaction() throws Exception {
        for (String job : checks.queueNested()) {
            assertThat(checks.await(job)).isEqualTo("COMPLETED");
        }
    }

    @Test
    void deliversAgainWhatTheBeanRefused() throws Exception {
        Heard.failNext(2);
        String job = checks.queue(8);
        await().atMost(LONG).untilAsserted(() -> assertThat(Heard.of(job)).hasSize(3));
    }

    /** TomEE gives an application such objects if it has to find out which connections the application forgets to close. */
    @Test
    void connectionsCanBeSubclassedAsTomEeDoes() throws Exception {
        List<Object> generated = new ArrayList<>();
        for (AutoCloseable connection : checks.borrow()) {
            Class<?> type = connection.getClass();
            Object proxy = LocalBeanProxyFactory.Unsafe.allocateInstance(
                    DynamicSubclass.createSubclass(type, type.getClassLoader(), true));
            DynamicSubclass.setHandler(proxy, (self, method, arguments) -> method.invoke(connection, arguments));
            generated.add(proxy);
        }
        assertThat(checks.active()).isEqualTo(2);

        checks.useAndClose(generated); // and leavesNoConnectionInUse
    }

    @Test
    void undeploymentLeavesNothing() throws Exception {
        checks.await(checks.queue(8));
        checks.chat(null);
        assertThat(threadsInTheAdapter()).isNotEmpty();

        tomEe.undeploy();

        llm.traffic().awaitConnectionsOpen(0, LONG);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(threadsInTheAdapter()).isEmpty());
        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(null, null))
                .noneMatch(name -> name.getDomain().startsWith("org.genaiconnector"));
        checks = tomEe.deploy();
        assertThat(checks.chat(null)).isNotBlank();
    }

    /** TomEE keeps the threads of a Work Manager for ever, but none of them may be in the adapter's code. */
    private static List<String> threadsInTheAdapter() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("org.genaiconnector.ra.")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }
}
