package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Durable subscriptions. Each end of a job that one selects is a delivery of it, until it is acknowledged or given up. The
 * methods that take a row return false if the instance does not own it any more.
 */
public final class Deliveries {

    /**
     * Registers a subscription, or changes what it selects. It gets the jobs that end from then on.
     *
     * @param subscription its name, 1 to 100 characters
     * @param backend address whose jobs it selects; empty for all
     * @param tag of the jobs it selects; empty for all
     */
    public void subscribe(String subscription, Optional<String> backend, Optional<String> tag) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes deliveries that are due, one attempt more.
     *
     * @param instance its id
     * @param subscription its name
     * @param most that this call takes
     * @return the longest due first; empty if the instance was given up
     */
    public List<DeliveryRow> claim(String instance, String subscription, int most) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * The bean has done its work. In the calling thread's transaction if there is one: the delivery then is acknowledged if and
     * only if that is committed. Roll it back if the result is false.
     *
     * @throws StoreException kind {@code NOT_ENLISTED} if the thread is in a transaction in which the data source takes no part;
     *     then call it again after the transaction
     */
    public boolean acknowledge(DeliveryRow row) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /** The bean has failed: it waits again, and is due after a delay. */
    public boolean redeliver(DeliveryRow row, Duration delay, String reason) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /** The bean was not asked: it waits again, is due now, and the attempt is taken back. */
    public boolean release(DeliveryRow row) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /** It is given up, and kept with the reason. */
    public boolean dead(DeliveryRow row, String reason) throws StoreException {
        throw new UnsupportedOperationException();
    }
}
