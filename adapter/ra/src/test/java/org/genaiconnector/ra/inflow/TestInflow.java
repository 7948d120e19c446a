package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.comfyui.durable.DurableTimes;
import org.genaiconnector.ra.comfyui.durable.JobStores;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;

/** An adapter that runs in a {@link TestContainer}, and one message-driven bean. */
final class TestInflow {
    static final URI SERVER = URI.create("http://127.0.0.1:8188");
    static final String STORE = "jdbc/jobs";
    static final String SUBSCRIPTION = "mail";
    private static final DurableTimes QUICK = new DurableTimes(
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMinutes(1));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final TestTransactions transactions = new TestTransactions();
    final TestContainer container = new TestContainer(transactions);
    final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    final ComfyUiActivationSpec spec = new ComfyUiActivationSpec();
    final TestBean bean;
    final TestEndpoints endpoints;

    /** With an adapter that runs, and no delay between deliveries. */
    TestInflow() {
        this(new String[0]);
    }

    /** As above, in an application server that runs works as these users. */
    TestInflow(String[] users) {
        container.withUsers(users);
        bean = new TestBean();
        endpoints = new TestEndpoints(bean, transactions);
        spec.setRedeliveryDelayMillis(0);
        adapter.start(container);
    }

    /** As above, with a durable subscription of the bean in a store. */
    TestInflow(TestSource store) {
        this();
        transactions.enlist(store);
        adapter.setJobStore(STORE);
        adapter.setJobStoreCreateTables(true);
        adapter.setJobStoreLeaseMillis(1_000);
        adapter.shared(
                JobStores.class, JobStores.class, () -> new JobStores(adapter, QUICK, name -> store.dataSource()));
        spec.setSubscription(SUBSCRIPTION);
    }

    TestInflow activate() throws ResourceException {
        adapter.endpointActivation(endpoints, spec);
        return this;
    }

    /** Activates the bean and returns when it listens; until then progress does not reach it. */
    void listen() throws Exception {
        activate();
        eventually(() -> container.waiting() == 1);
    }

    /** The bean's activation, not started yet, without the adapter knowing of it. */
    Activation activation() throws ResourceException {
        return new Activation(adapter, new Endpoint(endpoints, transactions), spec, spec.connectionFactory(adapter));
    }

    TestInflow with(Consumer<ComfyUiActivationSpec> settings) {
        settings.accept(spec);
        return this;
    }

    void deactivate() {
        adapter.endpointDeactivation(endpoints, spec);
    }

    JobTrackers trackers() {
        return JobTrackers.of(adapter);
    }

    void end(String jobId) {
        end(jobId, JobState.COMPLETED);
    }

    void end(String jobId, JobState state) {
        trackers().tell(update(ended(jobId, state)));
    }

    /** Reports that a job has done a number of its 100 steps. */
    void progress(String jobId, int value) {
        trackers().tell(update(running(jobId, value)));
    }

    /** A factory of connections to a ComfyUI, through this adapter. */
    ComfyUiConnectionFactory factory(ComfyUiSimulator server) {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(server.uri().toString());
        managed.setProbeOnCreate(false); // whose limit is too short for the first call in a JVM on a busy machine
        return (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    /** Two nodes, which take no time of their own. */
    static Workflow picture(int color) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(color));
    }

    static JobUpdate update(JobStatus status) {
        return new JobUpdate(SERVER, Optional.empty(), true, status);
    }

    static JobStatus ended(String jobId, JobState state) {
        Optional<JobFailure> failure = Optional.empty();
        return state == JobState.REJECTED
                ? JobStatus.rejected(jobId, Map.of(), failure)
                : JobStatus.ended(jobId, state, List.of(), failure);
    }

    static JobStatus running(String jobId, int value) {
        return JobStatus.of(jobId, JobState.RUNNING)
                .with(Optional.of(new JobProgress(value, 100, "3", value / 100.0)), Optional.empty());
    }

    static JobStatus pending(String jobId, int position) {
        return new JobStatus(
                jobId,
                JobState.PENDING,
                OptionalInt.of(position),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of());
    }

    static JobPreview preview(String jobId, int number) {
        return new JobPreview(jobId, SERVER, Optional.empty(), "3", "image/png", new byte[] {(byte) number});
    }

    /** Returns as soon as something is so, and fails if it never is. */
    static void eventually(Callable<Boolean> condition) throws Exception {
        Eventually.holds("what the test waits for", condition);
    }

    /** Stops the adapter; no work may be left, and no endpoint may have been used in a wrong way. */
    void close() throws InterruptedException {
        bean.letGo();
        adapter.stop();
        assertThat(container.awaitIdle(PATIENCE.toMillis()))
                .as("all works have ended")
                .isTrue();
        assertThat(endpoints.violations()).isEmpty();
    }
}
