package org.genaiconnector.storyboard.tests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for conditions that can only be polled, for instance over HTTP, with Awaitility on the test's own thread. */
public final class Eventually {

    /** Long enough for a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /**
     * Polls until the answer is as expected.
     *
     * @throws org.awaitility.core.ConditionTimeoutException with the last answer if that takes longer than a minute
     */
    public static <T> T eventually(Callable<T> question, Predicate<T> wanted) throws Exception {
        return eventually(PATIENCE, question, wanted);
    }

    /**
     * Polls until the answer is as expected.
     *
     * @throws org.awaitility.core.ConditionTimeoutException with the last answer if that takes too long
     */
    public static <T> T eventually(Duration patience, Callable<T> question, Predicate<T> wanted) throws Exception {
        return await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .atMost(patience)
                .until(question, wanted);
    }
}
