package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.genaiconnector.ra.comfyui.store.Instances;
import org.genaiconnector.ra.database.StoreException;

/**
 * The lease of this instance. It is surely held from before a renewal was sent for as long as it lasts, by the clock of this JVM
 * that no administrator changes; the database may well think longer. Renewed by one thread, asked by any.
 */
final class InstanceLease {
    private record Held(String id, long until) {}

    private final String name;
    private final Duration length;
    private final LongSupplier clock;
    private volatile Held held;

    /**
     * @param name of the instance, for people
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    InstanceLease(String name, Duration length, LongSupplier clock) {
        this.name = name;
        this.length = length;
        this.clock = clock;
    }

    /** The instance, as long as its lease is surely held. */
    Optional<String> holder() {
        Held now = held;
        return now != null && now.until() - clock.getAsLong() > 0 ? Optional.of(now.id()) : Optional.empty();
    }

    /** The instance, until it is known to have been given up. */
    Optional<String> registered() {
        Held now = held;
        return now == null ? Optional.empty() : Optional.of(now.id());
    }

    Duration length() {
        return length;
    }

    /**
     * Renews the lease, or registers this instance if it has none.
     *
     * @return false if it had one and has lost it: it owns nothing any more; call again
     */
    boolean renew(Instances instances) throws StoreException {
        long until = clock.getAsLong() + length.toNanos();
        Held now = held;
        if (now == null) {
            held = new Held(instances.register(name, length), until);
        } else if (instances.renew(now.id(), length)) {
            held = new Held(now.id(), until);
        } else {
            held = null;
            return false;
        }
        return true;
    }

    /** Gives it back: others need not wait for its end. */
    void end(Instances instances) throws StoreException {
        Held now = held;
        held = null;
        if (now != null) {
            instances.unregister(now.id());
        }
    }
}
