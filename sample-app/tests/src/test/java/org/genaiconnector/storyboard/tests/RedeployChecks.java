package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.stream.IntStream;
import org.genaiconnector.storyboard.server.PayaraDomain;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Redeployment of the application, and of the adapter in it, under load; only the checks of the log run later. */
interface RedeployChecks extends PasswordChecks {
    /** Payara closed the connection while it undeployed the application. */
    int NO_ANSWER = 0;

    @Test
    @Order(Integer.MAX_VALUE - 2)
    default void worksAfterARedeploymentUnderLoad() throws Exception {
        Path home = Path.of(System.getProperty("storyboard.server"));
        String job = rest().post(
                        "/api/jobs",
                        "{\"template\":\"text-to-image\",\"parameters\":{\"positive.text\":\"a bridge\",\"sampler.steps\":20}}")
                .expect(202)
                .object()
                .getString("id");
        Set<Integer> statuses = new ConcurrentSkipListSet<>();
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService users = Executors.newFixedThreadPool(4);
        Callable<Void> user = () -> {
            while (!stopped.get()) {
                statuses.add(chatStatus());
            }
            return null;
        };
        List<Future<Void>> chats =
                IntStream.range(0, 4).mapToObj(i -> users.submit(user)).toList();

        PayaraDomain domain = domain(home);
        domain.asadmin(
                "redeploy",
                "--name=storyboard",
                home.resolve("apps/storyboard.ear").toString());
        domain.endCommands();

        eventually(() -> rest().post("/api/chat", LlmChecks.HELLO), answer -> answer.status() == 200);
        stopped.set(true);
        for (Future<Void> chat : chats) {
            chat.get(1, TimeUnit.MINUTES);
        }
        users.shutdown();
        // messages of Payara while it undeploys the application, and none about a broken backend
        assertThat(statuses).contains(200).isSubsetOf(NO_ANSWER, 200, 404, 429, 500, 503);
        assertThat(rest().finish(job).getString("state")).isEqualTo("COMPLETED");
        for (int i = 0; i < 2 * Backends.LLM_CONNECTIONS; i++) {
            rest().post("/api/chat", LlmChecks.HELLO).expect(200);
        }
    }

    /** The status of a chat's answer, or {@link #NO_ANSWER}. */
    private int chatStatus() throws InterruptedException {
        try {
            return rest().post("/api/chat", LlmChecks.HELLO).status();
        } catch (IOException e) {
            return NO_ANSWER;
        }
    }

    private PayaraDomain domain(Path home) throws Exception {
        MatchResult console = console();
        int port = URI.create(console.group(1)).getPort();
        return new PayaraDomain(
                home.resolve("payara6"), Files.createTempDirectory("asadmin"), port, console.group(2), Map.of());
    }
}
