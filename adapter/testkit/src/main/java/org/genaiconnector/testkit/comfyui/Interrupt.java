package org.genaiconnector.testkit.comfyui;

/** The server-wide wish that the running job stop. Forgotten when a job starts. */
final class Interrupt {
    private volatile boolean wanted;

    void want() {
        wanted = true;
    }

    void forget() {
        wanted = false;
    }

    /**
     * Fulfils the wish.
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
