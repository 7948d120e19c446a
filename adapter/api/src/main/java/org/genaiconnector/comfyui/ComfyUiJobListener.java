package org.genaiconnector.comfyui;

/**
 * Message listener of a message-driven bean that hears of jobs. Override what you want to hear.
 *
 * <p>Events of one job come in their order and one at a time; those of different jobs at the same time, on different
 * instances of the bean and on threads of the container. Each delivery is in a transaction of its own unless the bean's
 * method says otherwise.
 *
 * <p>An end ({@link #onCompleted}, {@link #onFailed}, {@link #onCancelled}, {@link #onRejected}, {@link #onLost}) is delivered
 * at least once: if the method throws or its transaction is rolled back, it is delivered again, with
 * {@link JobEvent#isRedelivered()} true, as often as the activation permits. Progress and previews are news: they are
 * delivered at most once, and left out when newer ones exist or the bean is slow.
 */
public interface ComfyUiJobListener {

    /**
     * A job has begun to run, has moved in the queue or has progressed.
     *
     * @param event its status is not final
     */
    default void onProgress(JobEvent event) {}

    /**
     * A preview of a running job has come.
     *
     * @param preview the newest
     */
    default void onPreview(JobPreview preview) {}

    /**
     * A job ended well.
     *
     * @param event its status has the outputs
     */
    default void onCompleted(JobEvent event) {}

    /**
     * A node of a job failed.
     *
     * @param event its status has the failure, and the outputs made before
     */
    default void onFailed(JobEvent event) {}

    /**
     * A job was cancelled, by this application or anybody else.
     *
     * @param event its status has the outputs made before
     */
    default void onCancelled(JobEvent event) {}

    /**
     * A job that was queued in a transaction was refused by the server when the transaction was committed, so it never ran.
     *
     * @param event its status has the node errors or the failure
     */
    default void onRejected(JobEvent event) {}

    /**
     * The server does not know a job any more: it was restarted, or somebody removed the job. Whether it ran is unknown.
     *
     * @param event without outputs
     */
    default void onLost(JobEvent event) {}
}
