package org.genaiconnector.ra.comfyui.cloud;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.Dialect;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.comfyui.wire.PromptCalls;
import org.genaiconnector.ra.comfyui.wire.SubmissionParts;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;

/** The Comfy API v2. It has no state. */
public final class CloudDialect implements Dialect {
    private static final String CLOUD = "cloud.comfy.org";

    /** Of serverless deployments: {@code https://NAME.run.comfy.app}. */
    private static final String DEPLOYMENTS = ".run.comfy.app";

    /** Whether the vendor runs what is at an address, which then speaks this dialect. */
    public static boolean isAt(URI server) {
        String host = server.getHost().toLowerCase(Locale.ROOT);
        return host.equals(CLOUD) || host.endsWith(DEPLOYMENTS);
    }

    @Override
    public JobRoutes jobs(ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits) {
        return new CloudRoutes(server, http, limits);
    }

    @Override
    public PromptCalls prompts(
            ComfyUiBackend server, HttpConnection http, JobRoutes routes, Optional<HttpSettings> limits) {
        return new CloudPrompts(server, http, limits);
    }

    @Override
    public boolean isSelfHosted() {
        return false;
    }

    /**
     * Fails if the API has no place for something in a submission, or for ids that are given before. Nothing has been sent.
     *
     * @param server for messages
     * @param inTransaction whether the submission would be sent at the commit of a local transaction
     */
    public static void requirePossible(String server, Submission submission, boolean inTransaction)
            throws GenAiException {
        List<String> parts = SubmissionParts.of(submission);
        if (!parts.isEmpty()) {
            throw lacks(server, "a submission with " + String.join(", ", parts));
        }
        if (inTransaction) {
            throw new GenAiException(
                    FailureCategory.UNSUPPORTED,
                    server
                            + " gives jobs ids of its own, so it cannot be used in transactions of its pool: set the pool's"
                            + " transaction-support to NoTransaction, or use a job store");
        }
    }

    /**
     * The failure of what the API does not have. Nothing has been sent.
     *
     * @param what an operation of the connection, or a part of a submission
     */
    public static GenAiException lacks(ComfyUiBackend server, String what) {
        return lacks(server.name(), what);
    }

    private static GenAiException lacks(String server, String what) {
        return new GenAiException(
                FailureCategory.UNSUPPORTED,
                server + " cannot do " + what + ": the Comfy API v2 of Comfy Cloud does not offer it");
    }
}
