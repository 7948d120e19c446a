package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import java.net.URI;
import java.util.Optional;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.comfyui.fleet.FleetJobs;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.EndpointFigures;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.statistics.CountedJob;

/** The factory, as a fleet sees it. */
interface FleetOwner {
    /** The services of the adapter; empty outside a container. */
    Optional<AdapterServices> services();

    /** Of the adapter. */
    JobTrackers trackers();

    /** Of the adapter. */
    FleetJobs jobs();

    /** A job that may be submitted through the factory. */
    CountedJob countedJob();

    /** A job that may be submitted through the factory to a backend that is told what becomes of it. */
    CountedJob countedJob(CountedJob.Follower placed);

    /** See the properties of the factory. */
    int failoverMillis();

    int maxAttempts();

    int lostAfterMillis();

    /** Whether a backend answers, as far as is known. */
    boolean answers(URI server);

    EndpointFigures figures(URI server);

    /** Whether a backend speaks ComfyUI's own protocol. */
    boolean isSelfHosted(URI server);

    /** Classes and models come and go. */
    void forgetNodeClasses();

    /** The HTTP side of one of the addresses. */
    HttpBackend http(URI server) throws ResourceException;

    /** The credentials of the configuration for one of the addresses. */
    Optional<Credentials> credentials(HttpBackend http) throws ResourceException;

    /** A connection of no pool. */
    HttpConnection connect(HttpBackend http, Optional<Credentials> credentials);

    /** What can be done over a connection. */
    ComfyUiOperations operations(HttpBackend http, HttpConnection connection, Optional<Credentials> credentials);

    /** For people. */
    @Override
    String toString();
}
