package org.genaiconnector.testkit.comfyui;

/** A job ended the worker thread; the simulator continues without one. */
final class WorkerDied extends Exception {
    private static final long serialVersionUID = 1L;

    private final String jobId;

    WorkerDied(String jobId) {
        super("Job " + jobId + " ended the worker thread");
        this.jobId = jobId;
    }

    String jobId() {
        return jobId;
    }
}
