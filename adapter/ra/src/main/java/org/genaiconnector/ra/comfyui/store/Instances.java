package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;

/**
 * Who works on the rows of a store: each instance has a row with the end of its lease. An instance whose lease is over owns
 * nothing any more as soon as another one notices; whoever still works for it is fenced off.
 */
public final class Instances {

    /**
     * Registers a new instance.
     *
     * @param instanceName for people, at most 200 characters are kept
     * @param lease how long it lives without a renewal
     * @return its id
     */
    public String register(String instanceName, Duration lease) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Renews a lease. Call it every third of the lease.
     *
     * @param id of the instance
     * @param lease from now on
     * @return false if the instance was given up: it owns nothing any more; register a new one
     */
    public boolean renew(String id, Duration lease) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Gives up instances whose lease is over: their jobs wait to be adopted, their deliveries are due. Any instance may call it
     * at any time; each dead instance is given up once.
     *
     * @return how many instances this call has given up
     */
    public int takeOver() throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Releases what an instance owns and removes it.
     *
     * @param id of the instance; nothing happens if it was given up already
     */
    public void unregister(String id) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /** How many instances are registered whose lease is not over. */
    public int live() throws StoreException {
        throw new UnsupportedOperationException();
    }
}
