package org.genaiconnector.ra.exceptions;

import jakarta.json.Json;
import jakarta.resource.spi.InvalidPropertyException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import javax.naming.NamingException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.durable.Instance;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls fail with that need a job store. */
@Timeout(60)
class StoreExceptionsTest {
    private static final String STORE = "Job store jdbc/jobs, ";
    private static final Duration LONG = Duration.ofSeconds(30);

    @FunctionalInterface
    private interface Use {
        void of(Instance server) throws Exception;
    }

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        InvalidPropertyException.class,
                        "Configuration property jobStore needs an application server; outside of one set it to none",
                        "Nothing can send jobs later there.",
                        () -> {
                            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
                            managed.setJobStore("jdbc/jobs");
                            managed.createManagedConnection(null, null);
                        }),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "... has no jobStore, so it cannot list jobs: set the property jobStore of the factory or of the resource"
                                + " adapter",
                        "Do one of the two ([job-store.md](job-store.md#set-it-up)).",
                        use(server -> {
                            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
                            ((ComfyUiConnectionFactory) managed.createConnectionFactory()).jobs(JobQuery.all());
                        })),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "Nothing was queued: jobs of a job store are sent later, with the credentials of the factory's configuration"
                                + " (user, password, apiKey, apiKeyFile), but this connection has others. Use a factory of its own"
                                + " for these credentials, or one without a store (jobStore=none)",
                        "Do what the message says. The container's credentials are others, too, unless they are the same.",
                        use(server -> {
                            try (ComfyUiConnection connection =
                                    server.factory.getConnection(new Credentials("ann", "secret"))) {
                                connection.queuePrompt(picture());
                            }
                        })),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Nothing was queued: the extra data has api_key_comfy_org, and the job store would keep the key. Set property"
                                + " comfyOrgApiKey of the factory, which is added when the job is sent",
                        "Do what the message says.",
                        use(server -> server.queue(Submission.builder(picture())
                                .extraData(Json.createObjectBuilder()
                                        .add("api_key_comfy_org", "comfyui-1")
                                        .build())
                                .build()))),
                ExceptionExample.of(
                        FailureCategory.CONFLICT,
                        "Job ... belongs to a transaction that is not committed yet, so only that can cancel it",
                        "Cancel it in that transaction or after it.",
                        use(server -> {
                            server.transactions.begin();
                            Job job = server.queue(picture());
                            elsewhere(() -> server.cancel(job));
                        })),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        "Job ... of job store jdbc/jobs has not ended within 1 ms; it is ... and continues",
                        "Wait longer, or let a message-driven bean wait.",
                        use(server ->
                                server.factory.awaitJob(server.queue(picture()).id(), Duration.ofMillis(1)))),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        "Job ... is no longer in job store jdbc/jobs: it has ended and was purged",
                        "Keep jobs longer (`jobRetentionHours`, `jobRetentionCount`).",
                        prepared(server -> server.hasThreads = false, server -> {
                            Job job = server.queue(picture());
                            server.factory.awaitJob(job.id(), LONG, status -> execute(server, "DELETE FROM genai_job"));
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        STORE + "...: there is no such data source: ...",
                        "Create the JDBC resource, or correct `jobStore`. Jobs that are stored go on as soon as it is there.",
                        prepared(
                                server -> server.dataSourceIs(() -> {
                                    throw new NamingException("jdbc/jobs not found");
                                }),
                                server -> server.queue(picture()))),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        STORE + "queueing job ...: ...",
                        "The database does not answer, as the end of the message says. Try again later; nothing was queued.",
                        prepared(server -> server.database.cut(), server -> server.queue(picture()))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        STORE + "...: the tables genai_... are missing or incomplete (...). Run"
                                + " server-config/job-store/h2.sql once, or set the property jobStoreCreateTables to true",
                        "Do one of the two, with the user and the schema of the data source.",
                        prepared(
                                server -> server.adapter.setJobStoreCreateTables(false),
                                server -> server.queue(picture()))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        STORE
                                + "...: the tables genai_... are of another product or version: genai_schema says"
                                + " [version 2 of another], and this adapter needs version 1 of genai-connector. Use a database or"
                                + " schema of its own, or the adapter of that version",
                        "Do what the message says.",
                        prepared(
                                server -> {
                                    execute(server, "CREATE TABLE genai_schema (version INT, product VARCHAR(40))");
                                    execute(server, "INSERT INTO genai_schema VALUES (2, 'another')");
                                },
                                server -> server.queue(picture()))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        STORE
                                + "...: the data source takes no part in the transaction of this thread; set it up as a JTA or XA data"
                                + " source",
                        "Nothing was queued. Set up the data source with transactions: on Payara without"
                                + " `non-transactional-connections`, on WildFly with `jta=true`.",
                        prepared(server -> server.database.neverEnlists(), server -> {
                            server.transactions.begin();
                            server.queue(picture());
                        })),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "A caller has 1 to 200 characters: ...",
                        "Give a shorter name.",
                        () -> Submission.builder(picture()).caller("").build()),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "limit is 1 to 1000: 0",
                        "Give a number in the range, and ask for page after page.",
                        () -> JobQuery.all().withLimit(0)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrownWithThisMessage(ExceptionExample example) {
        example.check();
    }

    @Test
    void areAllListed() throws IOException {
        ExceptionExample.assertDocumented("job stores", examples());
    }

    private static ThrowingCallable use(Use use) {
        return prepared(server -> {}, use);
    }

    private static ThrowingCallable prepared(Consumer<Instance> settings, Use use) {
        return () -> {
            String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
            try (ComfyUiSimulator backend = ComfyUiSimulator.start();
                    Instance server = new Instance(url, backend, settings)) {
                try {
                    use.of(server);
                } finally {
                    server.transactions.end();
                }
            }
        };
    }

    private static Workflow picture() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }

    /** On a thread without the transaction. */
    private static void elsewhere(Callable<?> call) throws Exception {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        try {
            result.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private static void execute(Instance server, String sql) {
        try (Connection connection = server.database.connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
