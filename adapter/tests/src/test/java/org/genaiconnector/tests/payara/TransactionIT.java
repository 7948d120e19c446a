package org.genaiconnector.tests.payara;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.EJBException;
import jakarta.resource.ResourceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.genaiconnector.GenAiException;
import org.genaiconnector.UncheckedGenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.tests.payara.testapp.FailingBean;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs and a database in the same transactions of an application server; runs inside it. */
@ExtendWith(ArquillianExtension.class)
@DataSourceDefinition(
        name = "java:app/books",
        className = "org.h2.jdbcx.JdbcDataSource",
        url = "jdbc:h2:mem:books;DB_CLOSE_DELAY=-1",
        user = "sa",
        password = "",
        minPoolSize = 1,
        maxPoolSize = 4)
class TransactionIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Resource(lookup = "genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "genai/at-once")
    private ComfyUiConnectionFactory atOnce;

    @Resource(lookup = "java:app/books")
    private DataSource database;

    @Resource
    private UserTransaction transaction;

    @Deployment
    static WebArchive archive() {
        return TestApplicationClient.archive();
    }

    @BeforeEach
    void begin() throws Exception {
        try (Connection connection = database.getConnection();
                PreparedStatement create =
                        connection.prepareStatement("create table if not exists jobs (id char(36))")) {
            create.execute();
        }
        transaction.begin();
    }

    @AfterEach
    void end() throws Exception {
        if (transaction.getStatus() != jakarta.transaction.Status.STATUS_NO_TRANSACTION) {
            transaction.rollback();
        }
    }

    private static Job queue(ComfyUiConnectionFactory factory, int width) throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(Workflow.parse("""
                    {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""").with("1.width", width));
        }
    }

    private static Optional<JobStatus> find(ComfyUiConnectionFactory factory, Job job) throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.findJob(job.id());
        }
    }

    private Job queueAndWrite(int width) throws ResourceException, SQLException {
        Job job = queue(comfyUi, width);
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into jobs values (?)")) {
            insert.setString(1, job.id());
            insert.executeUpdate();
        }
        return job;
    }

    private boolean isWritten(Job job) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("select id from jobs where id = ?")) {
            select.setString(1, job.id());
            try (ResultSet found = select.executeQuery()) {
                return found.next();
            }
        }
    }

    @Test
    void commitsJobsAndRowsTogether() throws Exception {
        Job first = queueAndWrite(8);
        Job second = queueAndWrite(16);
        assertFalse(find(atOnce, first).isPresent()
                && find(atOnce, first).get().state().isFinal());

        transaction.commit();

        assertAll(
                () -> assertTrue(isWritten(first)),
                () -> assertTrue(isWritten(second)),
                () -> assertEquals(
                        JobState.COMPLETED, comfyUi.awaitJob(first.id(), LONG).state()),
                () -> assertEquals(
                        JobState.COMPLETED, comfyUi.awaitJob(second.id(), LONG).state()));
    }

    @Test
    void rollsJobsAndRowsBackTogether() throws Exception {
        Job job = queueAndWrite(8);

        transaction.rollback();

        assertAll(() -> assertFalse(isWritten(job)), () -> assertEquals(Optional.empty(), find(comfyUi, job)));
    }

    @Test
    void writesNothingIfTheServerRejectsAJob() throws Exception {
        Job good = queueAndWrite(8);
        Job bad = queueAndWrite(0);

        assertThrows(RollbackException.class, () -> transaction.commit());

        JobStatus rejected = find(comfyUi, bad).orElseThrow();
        JobState takenBack = comfyUi.awaitJob(good.id(), LONG).state();
        assertAll(
                () -> assertFalse(isWritten(bad)),
                () -> assertFalse(isWritten(good)),
                () -> assertEquals(JobState.REJECTED, rejected.state()),
                () -> assertTrue(rejected.nodeErrors().containsKey("1")),
                () -> assertEquals(JobState.REJECTED, takenBack));
    }

    @Test
    void doesNotWaitForAJobInItsOwnTransaction() throws Exception {
        Job job = queue(comfyUi, 8);

        GenAiException refusal = assertThrows(GenAiException.class, () -> comfyUi.awaitJob(job.id(), LONG));
        assertTrue(refusal.getMessage().contains("REQUIRES_NEW"), refusal.getMessage());
    }

    @Test
    void sendsAtOnceThroughAPoolWithoutTransactions() throws Exception {
        Job job = queue(atOnce, 8);
        queue(comfyUi, 8);

        assertEquals(JobState.COMPLETED, atOnce.awaitJob(job.id(), LONG).state());
        assertThrows(WorkflowRejectedException.class, () -> queue(atOnce, 0));
        transaction.rollback();
        assertTrue(find(atOnce, job).isPresent());
    }

    private static FailingBean failingBean() throws NamingException {
        return InitialContext.doLookup("java:module/FailingBean");
    }

    /** The other half of docs/transactions.md, "Checked exceptions commit". */
    @Test
    void rollsBackForTheUncheckedExceptionOfABean() throws Exception {
        transaction.rollback(); // the bean gets one of its own
        AtomicReference<Job> job = new AtomicReference<>();
        FailingBean bean = failingBean();

        EJBException thrown = assertThrows(EJBException.class, () -> bean.failUnchecked(comfyUi, job::set));

        assertAll(
                () -> assertTrue(
                        thrown.getCause() instanceof UncheckedGenAiException, String.valueOf(thrown.getCause())),
                () -> assertEquals(Optional.empty(), find(comfyUi, job.get())));
    }

    @Test
    void commitsForTheCheckedExceptionOfABean() throws Exception {
        transaction.rollback();
        AtomicReference<Job> job = new AtomicReference<>();
        FailingBean bean = failingBean();

        assertThrows(GenAiException.class, () -> bean.failChecked(comfyUi, job::set));

        assertEquals(JobState.COMPLETED, comfyUi.awaitJob(job.get().id(), LONG).state());
    }
}
