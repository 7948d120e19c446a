package org.genaiconnector.ra.comfyui.durable;

import java.lang.System.Logger;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.messages.OperatorMessage;

/** Tells the operator once that a store cannot be used, and once that it can be again. Any thread. */
final class StoreHealth {
    private static final Logger LOG = System.getLogger(StoreHealth.class.getName());

    private final String name;
    private final AtomicBoolean failing = new AtomicBoolean();

    StoreHealth(String name) {
        this.name = name;
    }

    void failed(StoreException failure) {
        if (failing.compareAndSet(false, true)) {
            OperatorMessage.JOB_STORE_FAILED.log(LOG, name, failure.getMessage());
        }
    }

    void answered() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            OperatorMessage.JOB_STORE_WORKS.log(LOG, name);
        }
    }

    boolean isFailing() {
        return failing.get();
    }
}
