package org.genaiconnector.tests.store.kill.app;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;

/** Writes a row for each end, in the transaction in which the adapter acknowledges it. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "subscription", propertyValue = "kill"),
            @ActivationConfigProperty(propertyName = "maxConcurrency", propertyValue = "8")
        })
public class EndsBean implements ComfyUiJobListener {
    @Resource(lookup = "jdbc/kill")
    private DataSource database;

    @Resource
    private TransactionSynchronizationRegistry transactions;

    @Override
    public void onCompleted(JobEvent event) {
        took("completed", event);
    }

    @Override
    public void onFailed(JobEvent event) {
        took("failed", event);
    }

    @Override
    public void onCancelled(JobEvent event) {
        took("cancelled", event);
    }

    @Override
    public void onRejected(JobEvent event) {
        took("rejected", event);
    }

    @Override
    public void onLost(JobEvent event) {
        took("lost", event);
    }

    private void took(String method, JobEvent event) {
        transactions.registerInterposedSynchronization(new Committed());
        try {
            new Rows(database).end(event.jobId(), method);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Moment.IN_BEAN.pass();
    }

    private static final class Committed implements Synchronization {
        @Override
        public void beforeCompletion() {
            // the row is written
        }

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                Moment.AFTER_BEAN_COMMIT.pass();
            }
        }
    }
}
