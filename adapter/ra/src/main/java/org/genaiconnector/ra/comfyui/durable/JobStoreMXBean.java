package org.genaiconnector.ra.comfyui.durable;

import java.util.List;
import java.util.Map;
import org.genaiconnector.ra.comfyui.store.DeadDelivery;

/**
 * What an administrator sees of a job store and does with it, over all application servers that share it:
 * {@code org.genaiconnector:type=JobStore,name="..."} with the JNDI name. The attributes are at most ten seconds old. While the
 * store cannot be used, everything fails with an {@link IllegalStateException} that has the database's message.
 */
public interface JobStoreMXBean {
    /** Jobs by state; states without jobs are missing. */
    Map<String, Long> getJobs();

    /** How long the oldest job that was never sent has waited, in milliseconds; 0 if none waits. */
    long getOldestWaitingMillis();

    /** Jobs that a backend has, or may have, by its address. */
    Map<String, Long> getInFlight();

    /** Ends that wait for a bean, or are being delivered, by subscription. */
    Map<String, Long> getWaitingDeliveries();

    /** Ends that were given up, by subscription. */
    Map<String, Long> getDeadDeliveries();

    /** Application servers whose leases are not over. */
    long getInstances();

    /** Dead application servers whose work this one has released. */
    long getTakeOvers();

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
