package org.genaiconnector.comfyui;

/**
 * Message listener of a message-driven bean that receives the events of jobs. Override what you need: {@link #onEnd} for all
 * ends in one method, or one method for each kind of end.
 *
 * <p>Events of one job come in their order and one at a time; those of different jobs at the same time, on different
 * instances of the bean and on threads of the container. Each delivery is in a transaction of its own unless the bean's
 * class says otherwise. The container delivers an end by {@link #onCompleted}, {@link #onFailed}, {@link #onCancelled},
 * {@link #onRejected} or {@link #onLost}: so a {@code @TransactionAttribute} belongs on the class, or on these.
 *
 * <p>An end is delivered at least once: if the method throws or its transaction is rolled back, it is delivered again, with
 * {@link JobEvent#isRedelivered()} true, as often as the activation permits. Progress and previews are delivered at most once,
 * and are left out when newer ones exist or the bean is slow.
 */
public interface ComfyUiJobListener {

    /**
     * A job has begun to run, has moved in the queue or has progressed.
     *
     * @param event its status is not final
     */
    default void onProgress(JobEvent event) {}

    /**
     * A preview of a running job has arrived.
     *
     * @param preview the newest
     */
    default void onPreview(JobPreview preview) {}

    /**
     * A job has ended, in any final state. The methods for the single states call this one unless they are overridden.
     *
     * @param event its status is final, and says which end it is
     */
    default void onEnd(JobEvent event) {}

    /**
     * A job ended well.
     *
     * @param event its status has the outputs
     */
    default void onCompleted(JobEvent event) {
        onEnd(event);
    }

    /**
     * A node of a job failed.
     *
     * @param event its status has the failure, and the outputs made before
     */
    default void onFailed(JobEvent event) {
        onEnd(event);
    }

    /**
     * A job was cancelled, by this application or by another client of ComfyUI.
     *
     * @param event its status has the outputs made before
     */
    default void onCancelled(JobEvent event) {
        onEnd(event);
    }

    /**
     * ComfyUI refused a job that was queued in a transaction, when the transaction was committed; so it never ran.
     *
     * @param event its status has the node errors or the failure
     */
    default void onRejected(JobEvent event) {
        onEnd(event);
    }

    /**
     * ComfyUI does not know a job any more: it was restarted, or another client removed the job. Whether it ran is unknown.
     *
     * @param event without outputs
     */
    default void onLost(JobEvent event) {
        onEnd(event);
    }
}
