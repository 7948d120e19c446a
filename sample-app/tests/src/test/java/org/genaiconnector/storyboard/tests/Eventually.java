package org.genaiconnector.storyboard.tests;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for what can only be asked for, over HTTP for instance. */
public final class Eventually {

    /** For a machine that is busy with other things. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /**
     * Asks until the answer is as wanted.
     *
     * @throws AssertionError with the last answer if that takes longer than a minute
     */
    public static <T> T eventually(Callable<T> question, Predicate<T> wanted) throws Exception {
        return eventually(PATIENCE, question, wanted);
    }

    /**
     * Asks until the answer is as wanted.
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
