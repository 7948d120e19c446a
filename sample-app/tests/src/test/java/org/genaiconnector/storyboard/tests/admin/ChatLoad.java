package org.genaiconnector.storyboard.tests.admin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.storyboard.tests.Rest;

/** Concurrent users of the sample who chat until they are stopped. */
final class ChatLoad implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final Rest rest;
    private final ExecutorService users;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopped;

    ChatLoad(Rest rest, int count) {
        this.rest = rest;
        users = Executors.newFixedThreadPool(count);
        for (int i = 0; i < count; i++) {
            users.submit(this::chat);
        }
    }

    private Void chat() throws Exception {
        while (!stopped) {
            Rest.Answer answer = rest.post("/api/chat", ConsoleIT.HELLO);
            if (answer.status() != 200) {
                failures.add(answer.text());
            }
        }
        return null;
    }

    /** Waits for the calls under way. */
    void stop() throws InterruptedException {
        stopped = true;
        users.shutdown();
        if (!users.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Some questions are never answered");
        }
    }

    /** Failed responses. */
    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        stopped = true;
        users.shutdownNow();
    }
}
