package org.genaiconnector.ra.comfyui.durable;

import java.lang.System.Logger;
import java.time.Duration;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.messages.OperatorMessage;

/** Renews the lease of this instance every third of it, and does then what some instance has to do. */
final class LeaseKeeper extends StoreWork {
    private static final Logger LOG = System.getLogger(LeaseKeeper.class.getName());
    private static final int BATCH = 500;

    private final StoreSession session;
    private final InstanceLease lease;
    private final JobStoreSettings settings;
    private final Duration upkeep;
    private long lastPurge;

    LeaseKeeper(StoreSession session, InstanceLease lease, JobStoreSettings settings, Duration upkeep) {
        super(session);
        this.session = session;
        this.lease = lease;
        this.settings = settings;
        this.upkeep = upkeep;
        this.lastPurge = System.nanoTime();
    }

    @Override
    protected Duration step() throws StoreException {
        JobStore store = session.store();
        store.prepare();
        boolean isNew = lease.registered().isEmpty();
        if (!lease.renew(store.instances())) {
            OperatorMessage.LEASE_LOST.log(LOG, store.name());
            session.wakeAll();
            return Duration.ZERO;
        }
        if (isNew) {
            session.wakeAll();
        }
        int dead = store.instances().takeOver();
        if (dead > 0) {
            OperatorMessage.JOBS_TAKEN_OVER.log(LOG, dead, store.name());
            session.wakeAll();
        }
        for (JobRow row : store.dispatch().cancelRequests(session.instance().orElse(""))) {
            session.cancelRequested(row.id());
        }
        for (JobRow row : store.dispatch().endOverdue(BATCH)) {
            session.told(row);
        }
        session.startWorks();
        purge(store);
        session.health().answered();
        return lease.length().dividedBy(3);
    }

    private void purge(JobStore store) throws StoreException {
        boolean limited = !settings.retention().isZero() || settings.retained() > 0;
        if (limited && System.nanoTime() - lastPurge > upkeep.toNanos()) {
            int purged = store.upkeep().purge(settings.retention(), settings.retained(), BATCH);
            if (purged < BATCH) {
                lastPurge = System.nanoTime();
            }
        }
    }

    @Override
    protected void end() throws StoreException {
        lease.end(session.store().instances());
    }
}
