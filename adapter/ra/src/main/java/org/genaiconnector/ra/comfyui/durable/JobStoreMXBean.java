package org.genaiconnector.ra.comfyui.durable;

import java.util.List;
import org.genaiconnector.ra.comfyui.store.DeadDelivery;

/**
 * What an administrator does with a job store: the operations of {@code org.genaiconnector:type=JobStore,name="..."} with the JNDI
 * name. While the store cannot be used, everything fails with an {@link IllegalStateException} that has the database's message.
 */
public interface JobStoreMXBean {
    /**
     * Ends that were given up, the eldest first.
     *
     * @param most 1 or more
     */
    List<DeadDelivery> dead(int most);

    /**
     * Makes a dead delivery due; its attempts begin anew.
     *
     * @return false if there is no such delivery
     */
    boolean redeliver(String subscription, String job);

    /**
     * Deletes a dead delivery.
     *
     * @return false if there is no such delivery
     */
    boolean discard(String subscription, String job);

    /**
     * Deletes a subscription with all its deliveries. The next bean with its name makes a new one.
     *
     * @return false if there is no such subscription
     */
    boolean unsubscribe(String subscription);

    /**
     * Cancels a job; one that a backend has ends within some seconds.
     *
     * @return false if there is no such job, or it has ended
     */
    boolean cancel(String job);

    /**
     * Queues a job again that ended as failed, cancelled, rejected or lost. Its attempts begin anew, and its next end is delivered.
     *
     * @return false if there is no such job
     */
    boolean requeue(String job);

    /**
     * Deletes old jobs, as the retention of the adapter says, without waiting for the next time.
     *
     * @return how many
     */
    int purge();
}
