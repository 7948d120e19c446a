package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A bean that writes a row for each end into the database of the job store, and an application server that is cut off from that
 * database at the worst moments, as by a crash: another one takes over when the lease is over. Counted are the rows.
 */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ExactlyOnceIT {
    private static final int JOBS = 20;
    private static final int CRASH_AT = 5;

    private final StoredEnds ends;
    private final TestSource source;
    private final TestSource other;
    private final TestInflow crashing;
    private final TestInflow next;

    /** When the application server crashes. */
    enum Moment {
        BEFORE_THE_BEAN,
        IN_THE_BEAN,
        BEFORE_THE_COMMIT,
        AFTER_THE_COMMIT
    }

    ExactlyOnceIT(TestDatabase database) throws SQLException, StoreException {
        ends = new StoredEnds(database);
        source = ends.connect();
        other = ends.connect();
        crashing = new TestInflow(source);
        next = new TestInflow(other);
    }

    @AfterEach
    void close() throws Exception {
        crashing.close();
        next.close();
        source.close();
        other.close();
        ends.close();
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void eachEndHasOneRow(Moment moment) throws Exception {
        ends.subscribe();
        List<String> jobs = ends.end(JOBS);
        AtomicBoolean crashed = new AtomicBoolean();
        crashing.bean.behave(call -> {
            boolean last = crashing.bean.calls().size() >= CRASH_AT;
            if (last && moment == Moment.BEFORE_THE_BEAN) {
                crash(crashed);
            }
            StoredEnds.write(source, call);
            if (last && moment == Moment.IN_THE_BEAN) {
                crash(crashed);
                throw new IllegalStateException("crashed");
            }
        });
        crashing.transactions.beforeCommit(() -> {
            if (crashing.bean.calls().size() >= CRASH_AT && moment == Moment.BEFORE_THE_COMMIT) {
                crash(crashed);
                crashing.transactions.setRollbackOnly(); // by the database, which has lost its client
            }
        });
        crashing.transactions.afterCommit(() -> {
            if (crashing.bean.calls().size() >= CRASH_AT && moment == Moment.AFTER_THE_COMMIT) {
                crash(crashed);
            }
        });
        crashing.with(spec -> spec.setMaxConcurrency(2)).activate();
        TestInflow.eventually(crashed::get);

        next.bean.behave(call -> StoredEnds.write(other, call));
        next.activate();

        TestInflow.eventually(() -> ends.left() == 0);
        assertThat(ends.written()).containsExactlyInAnyOrderElementsOf(jobs);
        List<TestBean.Call> all = new ArrayList<>(crashing.bean.calls());
        all.addAll(next.bean.calls());
        System.out.printf(
                "%s, crash %s: %d jobs, %d calls of beans, %d rows%n",
                ends.database(), moment, JOBS, all.size(), ends.written().size());
    }

    /** It cannot reach the database any more; what it has not committed is rolled back. */
    private void crash(AtomicBoolean crashed) {
        source.down(true);
        crashed.set(true);
    }
}
