package org.genaiconnector.storyboard.tests;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for conditions that can only be polled, for instance over HTTP. */
public final class Eventually {

    /** Long enough for a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /**
     * Polls until the answer is as expected.
     *
     * @throws AssertionError with the last answer if that takes longer than a minute
     */
    public static <T> T eventually(Callable<T> question, Predicate<T> wanted) throws Exception {
        return eventually(PATIENCE, question, wanted);
    }

    /**
     * Polls until the answer is as expected.
     *
     * @throws AssertionError with the last answer if that takes too long
     */
    public static <T> T eventually(Duration patience, Callable<T> question, Predicate<T> wanted) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            T answer = question.call();
            if (wanted.test(answer)) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Still not as wanted after " + patience + ": " + answer);
            }
            Thread.sleep(100);
        }
    }
}
