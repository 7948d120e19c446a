package org.genaiconnector.ra.llm;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.llm.targets.Service;
import org.genaiconnector.ra.llm.targets.Targets;
import org.genaiconnector.ra.llm.targets.TargetsSource;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * The targets of a factory as they are now. Their files are looked at again after a second; if one is missing or wrong then, what was read
 * before stays valid, with one warning. All threads may use it.
 */
final class LiveTargets {
    private static final Logger LOG = System.getLogger(LiveTargets.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    static final List<Service> SERVICES = Arrays.stream(Provider.values())
            .map(provider -> new Service(provider.name(), provider.defaultUrl().isPresent()))
            .toList();

    /** Applies a change of the file. */
    @FunctionalInterface
    interface Change {
        /** @throws GenAiException if the new targets cannot be used; the old ones stay valid then */
        void apply(Targets before, Targets after) throws GenAiException;
    }

    private final String property;
    private final LongSupplier nanoTime;
    private final Change onChange;
    private volatile Targets current;
    private volatile long lookedAt;

    /** Guarded by this. */
    private TargetsSource source;

    /** Guarded by this. */
    private boolean warned;

    /**
     * Reads the targets for the first time.
     *
     * @param property path or text
     * @param nanoTime clock in nanoseconds, such as {@link System#nanoTime()}
     * @param onChange gets what is read later
     * @throws GenAiException if they are wrong; names the place and the remedy
     */
    LiveTargets(String property, LongSupplier nanoTime, Change onChange) throws GenAiException {
        this.property = property;
        this.nanoTime = nanoTime;
        this.onChange = onChange;
        this.source = TargetsSource.of(property);
        this.current = source.read(SERVICES);
        this.lookedAt = nanoTime.getAsLong();
    }

    Targets current() {
        Targets known = current;
        boolean isFixed = source.file() == null && known.priceFile().isEmpty();
        return isFixed || nanoTime.getAsLong() - lookedAt < INTERVAL.toNanos() ? known : lookAgain();
    }

    private synchronized Targets lookAgain() {
        if (nanoTime.getAsLong() - lookedAt < INTERVAL.toNanos()) { // another thread has looked
            return current;
        }
        lookedAt = nanoTime.getAsLong();
        try {
            TargetsSource now = TargetsSource.of(property);
            if (!now.equals(source) || current.areOutdated()) {
                Targets before = current;
                Targets read = now.read(SERVICES);
                current = read; // new endpoints are made of it
                try {
                    onChange.apply(before, read);
                } catch (GenAiException e) {
                    current = before;
                    throw e;
                }
                source = now;
            }
            warned = false;
        } catch (GenAiException e) {
            if (!warned) {
                warned = true;
                OperatorMessage.TARGETS_UNUSABLE.log(LOG, e.getMessage());
            }
        }
        return current;
    }
}
