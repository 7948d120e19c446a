package org.genaiconnector.ra.llm;

import jakarta.resource.spi.InvalidPropertyException;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.LocalLimits;
import org.genaiconnector.ra.llm.store.LimitStores;

/** Where a factory counts its limits: in a database, in the memory of the adapter, or in its own. */
final class FactoryLimits {
    private static final String NONE = "none";

    private FactoryLimits() {}

    /** Identifies limits in memory. */
    private record Key(String targets) {}

    /**
     * Those of all factories with the same targets; in a database also of other application servers.
     *
     * @param targets the property
     * @param store the property {@code limitStore}
     */
    static Limits shared(AdapterServices services, String targets, Optional<String> store)
            throws InvalidPropertyException {
        Optional<String> name = store.isPresent()
                ? store.filter(own -> !own.equals(NONE))
                : services.jobStore().name();
        return name.isPresent()
                ? LimitStores.of(services).limits(name.get(), targets)
                : services.shared(Limits.class, new Key(targets), FactoryLimits::inMemory);
    }

    /** Those of a factory outside of an application server. */
    static Limits own(Optional<String> store) throws PropertyException {
        if (store.filter(name -> !name.equals(NONE)).isPresent()) {
            throw new PropertyException("limitStore", "needs an application server; outside of one set it to " + NONE);
        }
        return inMemory();
    }

    private static Limits inMemory() {
        return new LocalLimits(List.of(), System::nanoTime);
    }
}
