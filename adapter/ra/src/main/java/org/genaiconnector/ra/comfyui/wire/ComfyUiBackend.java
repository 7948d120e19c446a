package org.genaiconnector.ra.comfyui.wire;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.HttpSettings;

/** A backend's routes and what has been learnt of it; shared by all connections of a factory. */
public final class ComfyUiBackend {
    private static final int[] TARGETED_INTERRUPT = {0, 3, 57};

    private final HttpBackend backend;
    private final boolean ofFleet;
    private final Optional<String> comfyOrgApiKey;
    private final Dialect dialect;
    private final String apiPath;
    public final HttpResource prompt;
    public final HttpResource queue;
    public final HttpResource history;
    public final HttpResource interrupt;
    final HttpResource jobs;
    final HttpResource aliveJobs;
    public final HttpResource systemStats;
    public final HttpResource view;
    public final HttpResource uploadImage;
    public final HttpResource uploadMask;
    final HttpResource objectInfo;
    final HttpResource nodeReplacements;
    final HttpResource models;
    final HttpResource embeddings;
    final HttpResource features;
    final HttpResource free;
    final BackendCache memory = new BackendCache();

    /** Absent before 0.6.0; asked once, then remembered until an answer proves otherwise. */
    private volatile boolean jobsRoute = true;

    /** Unknown as a state before 0.9.0, which refuses a question for it. */
    private volatile boolean cancelledState = true;

    private volatile String version = "unknown";

    /** The only backend of a factory. */
    public ComfyUiBackend(HttpBackend backend, String apiPath) {
        this(backend, apiPath, false, Optional.empty(), new ComfyUiDialect());
    }

    /**
     * A backend of a factory.
     *
     * @param ofFleet whether it is one of several, so that its files have to say where they are
     * @param comfyOrgApiKey sent with each prompt, for nodes that call paid services
     * @param dialect that it speaks
     */
    public ComfyUiBackend(
            HttpBackend backend, String apiPath, boolean ofFleet, Optional<String> comfyOrgApiKey, Dialect dialect) {
        this.comfyOrgApiKey = comfyOrgApiKey;
        this.dialect = dialect;
        this.apiPath = apiPath;
        this.backend = backend;
        this.ofFleet = ofFleet;
        this.prompt = backend.resource(apiPath + "/prompt");
        this.queue = backend.resource(apiPath + "/queue");
        this.history = backend.resource(apiPath + "/history");
        this.interrupt = backend.resource(apiPath + "/interrupt");
        // the only route that has no form without the prefix
        this.jobs = backend.resource((apiPath.isEmpty() ? "/api" : apiPath) + "/jobs");
        this.aliveJobs = jobs.query("status", "pending,in_progress");
        this.systemStats = backend.resource(apiPath + "/system_stats");
        this.view = backend.resource(apiPath + "/view");
        this.uploadImage = backend.resource(apiPath + "/upload/image");
        this.uploadMask = backend.resource(apiPath + "/upload/mask");
        this.objectInfo = backend.resource(apiPath + "/object_info");
        this.nodeReplacements = backend.resource(apiPath + "/node_replacements");
        this.models = backend.resource(apiPath + "/models");
        this.embeddings = backend.resource(apiPath + "/embeddings");
        this.features = backend.resource(apiPath + "/features");
        this.free = backend.resource(apiPath + "/free");
    }

    public Dialect dialect() {
        return dialect;
    }

    /**
     * Something of it.
     *
     * @param path below the path of the API
     */
    public HttpResource resource(String path) {
        return backend.resource(apiPath + path);
    }

    /** The key that nodes call paid services with. */
    public Optional<String> comfyOrgApiKey() {
        return comfyOrgApiKey;
    }

    /** Where a job is, and nothing else. */
    HttpResource job(String id) throws GenAiException {
        return jobs.sub(segment(id));
    }

    public HttpResource historyOf(String id) throws GenAiException {
        return history.sub(segment(id));
    }

    /** An id as a part of a path. */
    public static String segment(String id) throws GenAiException {
        if (!isJobId(id)) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST, "Not the id of a job: '" + ForeignText.line(id) + "'");
        }
        return id;
    }

    /** Whether it can be an id: backends choose UUIDs, but older ones take what their clients like. */
    public static boolean isJobId(String id) {
        return !id.isBlank()
                && id.length() <= 255
                && !id.equals(".")
                && !id.equals("..")
                && id.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }

    public boolean isOf(HttpBackend candidate) {
        return backend == candidate;
    }

    /** Whether it is one of several of a factory. */
    public boolean isOfFleet() {
        return ofFleet;
    }

    /** A status of one of its jobs, whose files say where they are if that is not clear. */
    public JobStatus located(JobStatus status) {
        return ofFleet ? located(status, address()) : status;
    }

    /** A status whose files say that they are on a server. */
    public static JobStatus located(JobStatus status, URI server) {
        return status.outputs().isEmpty()
                ? status
                : new JobStatus(
                        status.id(),
                        status.state(),
                        status.queuePosition(),
                        status.progress(),
                        status.remaining(),
                        status.outputs().stream()
                                .map(output -> located(output, server))
                                .toList(),
                        status.failure(),
                        status.nodeErrors());
    }

    private static Output located(Output output, URI server) {
        return output instanceof OutputFile file && file.server().isEmpty()
                ? new OutputFile(
                        file.node(),
                        file.kind(),
                        file.filename(),
                        file.subfolder(),
                        file.directory(),
                        Optional.of(server))
                : output;
    }

    public void forgetNodeClasses() {
        memory.forgetNodeClasses();
    }

    /** Whether it can still be called: the adapter has not been stopped. */
    public boolean isOpen() {
        return !backend.isClosed();
    }

    public URI address() {
        return backend.settings().server();
    }

    /** For messages. */
    public String name() {
        return backend.settings().name();
    }

    public HttpSettings settings() {
        return backend.settings();
    }

    /** Whether an interrupt that names a job hits no other: since 0.3.57, which only the version tells. */
    boolean interruptsById(SystemStats stats) {
        int[] version = stats.version().map(ComfyUiBackend::numbers).orElseGet(() -> new int[3]);
        return Arrays.compare(version, TARGETED_INTERRUPT) >= 0;
    }

    /** The first three numbers of a version that may end with text. */
    private static int[] numbers(String version) {
        int[] numbers = new int[3];
        Matcher matcher = Pattern.compile("\\d{1,9}").matcher(version);
        for (int i = 0; i < numbers.length && matcher.find(); i++) {
            numbers[i] = Integer.parseInt(matcher.group());
        }
        return numbers;
    }

    boolean hasJobsRoute() {
        return jobsRoute;
    }

    void lacksJobsRoute() {
        jobsRoute = false;
    }

    /** For questions about jobs that have ended. */
    String endedStates() {
        return cancelledState ? "completed,failed,cancelled" : "completed,failed";
    }

    void lacksCancelledState() {
        cancelledState = false;
    }

    public String version() {
        return version;
    }

    public void learnVersion(String words) {
        String said = ForeignText.line(words, 100);
        if (!said.equals(version)) {
            version = said;
            mayHaveChanged();
        }
    }

    /** A backend that was restarted may be a newer one. */
    public void mayHaveChanged() {
        jobsRoute = true;
        cancelledState = true;
    }
}
