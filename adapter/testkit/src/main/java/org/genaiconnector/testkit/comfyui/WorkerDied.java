package org.genaiconnector.testkit.comfyui;

/** A job killed the worker thread; the server lives on without one. */
final class WorkerDied extends Exception {
    private static final long serialVersionUID = 1L;

    WorkerDied(String jobId) {
        super("Job " + jobId + " ended the worker thread");
    }
}
