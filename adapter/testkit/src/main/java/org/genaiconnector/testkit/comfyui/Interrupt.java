package org.genaiconnector.testkit.comfyui;

/** The server-wide request to stop the running job. Cleared when a job starts. */
final class Interrupt {
    private volatile boolean wanted;

    void want() {
        wanted = true;
    }

    void forget() {
        wanted = false;
    }

    boolean isWanted() {
        return wanted;
    }

    /**
     * Obeys the request.
     *
     * @throws Cancelled if there is one
     */
    void check() throws Cancelled {
        if (wanted) {
            wanted = false;
            throw new Cancelled();
        }
    }
}
