package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** What the resource adapter does for its connection factories. */
public interface AdapterServices {
    /**
     * Has something closed when the adapter stops. Anything garbage collected before is forgotten.
     *
     * @param resource its {@code close} must be quick and may be called twice
     * @throws ResourceException if the adapter has stopped already; the resource has been closed then
     */
    void closeOnStop(AutoCloseable resource) throws ResourceException;

    /**
     * Something that all factories of the adapter share; closed when the adapter stops, and closed already if it has.
     *
     * @param type its class
     * @param key equal for equal things
     * @param maker makes it at the first call
     * @return always the same for equal keys, until the adapter is started again
     */
    <T extends AutoCloseable> T shared(Class<T> type, Object key, Supplier<T> maker);

    /**
     * Where a factory's figures are recorded. After a stop nobody sees them but who asks here.
     *
     * @param name of the factory
     * @return always the same for a name, until the adapter is started again
     */
    StatisticsRecorder statistics(String name);

    /**
     * Starts a work on a thread of the container's Work Manager.
     *
     * @param work ends by itself soon after {@link Work#release()}
     * @throws WorkException if the container refuses it, or the adapter does not run
     */
    void startWork(Work work) throws WorkException;

    /**
     * Tells whether the adapter has been stopped. What fails because of that is not worth a word in the log.
     *
     * @return true from the beginning of the stop on
     */
    default boolean stopped() {
        return false;
    }

    /**
     * The name by which this application server knows its jobs again after a restart.
     *
     * @return empty for one of its own, made of the host's name and the working directory
     */
    default Optional<String> instanceName() {
        return Optional.empty();
    }

    /**
     * Tells whether the calling thread is in a transaction of the container.
     *
     * @return false also if that cannot be found out
     */
    default boolean inTransaction() {
        return false;
    }

    /**
     * Tells whether a failure to commit must not be told to the container by an exception, see {@link RollbackVote}.
     *
     * @return true in the middle of a transaction with other resources, on this thread, on Payara or GlassFish
     */
    boolean mistakesExceptionsOfCommit();
}
