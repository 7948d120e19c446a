package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.HttpSettings;

/** A server's routes and what has been learnt of it; shared by all connections of a factory. */
final class ComfyUiServer {
    private final HttpBackend backend;
    private final Supplier<Optional<ServerEvents>> events;
    final HttpResource prompt;
    final HttpResource queue;
    final HttpResource history;
    final HttpResource interrupt;
    final HttpResource jobs;
    final HttpResource systemStats;
    final HttpResource view;
    final HttpResource uploadImage;

    /** Absent before 0.6.0; asked once, then remembered until an answer proves otherwise. */
    private volatile boolean jobsRoute = true;

    private volatile String version = "unknown";

    ComfyUiServer(HttpBackend backend, String apiPath, Supplier<Optional<ServerEvents>> events) {
        this.backend = backend;
        this.events = events;
        this.prompt = backend.resource(apiPath + "/prompt");
        this.queue = backend.resource(apiPath + "/queue");
        this.history = backend.resource(apiPath + "/history");
        this.interrupt = backend.resource(apiPath + "/interrupt");
        // the only route that has no form without the prefix
        this.jobs = backend.resource((apiPath.isEmpty() ? "/api" : apiPath) + "/jobs");
        this.systemStats = backend.resource(apiPath + "/system_stats");
        this.view = backend.resource(apiPath + "/view");
        this.uploadImage = backend.resource(apiPath + "/upload/image");
    }

    boolean isOf(HttpBackend candidate) {
        return backend == candidate;
    }

    URI address() {
        return backend.settings().server();
    }

    /** For messages. */
    String name() {
        return backend.settings().name();
    }

    HttpSettings settings() {
        return backend.settings();
    }

    /** Empty outside an application server, where nobody gives a thread to listen. */
    Optional<ServerEvents> events() {
        return events.get();
    }

    boolean hasJobsRoute() {
        return jobsRoute;
    }

    void lacksJobsRoute() {
        jobsRoute = false;
    }

    String version() {
        return version;
    }

    void learnVersion(String told) {
        version = told;
        jobsRoute = true; // a server that was restarted may be a newer one
    }
}
