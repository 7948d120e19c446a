package org.genaiconnector.testkit.comfyui;

import java.time.Duration;

/** The misbehaviour that is switched on in one server process. Any thread. */
final class Switches {
    private volatile Duration historyDelay = Duration.ZERO;
    private volatile boolean workerDies;
    private volatile boolean lateAnswers;

    /** How long a finished job stays out of the history. */
    Duration historyDelay() {
        return historyDelay;
    }

    void historyDelay(Duration delay) {
        historyDelay = delay;
    }

    /** Whether the next job kills the worker thread. */
    boolean workerDies() {
        return workerDies;
    }

    void killWorker() {
        workerDies = true;
    }

    /** Whether prompts are answered only after their jobs ended. */
    boolean lateAnswers() {
        return lateAnswers;
    }

    void lateAnswers(boolean late) {
        lateAnswers = late;
    }
}
