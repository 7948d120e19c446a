package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** What the resource adapter does for its connection factories and activations. All threads may call it. */
public interface AdapterServices {
    /**
     * Registers a resource to be closed when the adapter stops. The registration does not keep it from being garbage collected.
     *
     * @param resource its {@code close} must be quick and may be called twice
     * @throws ResourceException if the adapter has stopped already; the resource is closed then
     */
    void closeOnStop(AutoCloseable resource) throws ResourceException;

    /**
     * A resource that all factories of the adapter share; closed when the adapter stops, and closed already if it has.
     *
     * @param type its class
     * @param key identifies it
     * @param maker makes it at the first call with this key
     * @return the same object for equal keys, until the adapter is started again
     */
    <T extends AutoCloseable> T shared(Class<T> type, Object key, Supplier<T> maker);

    /**
     * The recorder of a factory's figures. After a stop its MXBean is gone, but the recorder goes on counting.
     *
     * @param name of the factory
     * @return the same object for a name, until the adapter is started again
     */
    StatisticsRecorder statistics(String name);

    /**
     * Starts a work on a thread of the application server's Work Manager.
     *
     * @param work ends by itself soon after {@link Work#release()}
     * @throws WorkException if the application server refuses it, or the adapter is not started
     */
    void startWork(Work work) throws WorkException;

    /**
     * Whether the adapter has been stopped. Failures that follow from that need not be logged.
     *
     * @return true from the beginning of the stop on
     */
    default boolean stopped() {
        return false;
    }

    /**
     * Whether the application server runs works as callers that they name (security inflow).
     *
     * @return false also while the adapter is not started
     */
    default boolean runsAsCallers() {
        return false;
    }

    /**
     * The configured name by which this application server recognises its jobs after a restart.
     *
     * @return empty if none is configured; then the host's name and the working directory identify it
     */
    default Optional<String> instanceName() {
        return Optional.empty();
    }

    /**
     * Whether the calling thread is in a transaction of the application server.
     *
     * @return false also if that cannot be found out
     */
    default boolean inTransaction() {
        return false;
    }

    /**
     * Does something when the transaction of the calling thread has ended.
     *
     * @param committed done after a commit
     * @param otherwise done after a rollback, or if the outcome is not known
     * @return false, and neither is ever done, if the thread is in no transaction
     */
    default boolean afterTransaction(Runnable committed, Runnable otherwise) {
        return false;
    }

    /**
     * What the configuration of the adapter says about job stores.
     *
     * @return never null
     * @throws InvalidPropertyException if a value is wrong
     */
    default JobStoreSettings jobStore() throws InvalidPropertyException {
        return JobStoreSettings.USUAL;
    }

    /**
     * Whether a failed commit has to be reported by a {@link RollbackVote}, because the application server takes an exception for
     * a heuristic outcome.
     *
     * @return true on Payara and GlassFish, while a transaction of this thread that has other resources is being prepared
     */
    boolean mistakesExceptionsOfCommit();
}
