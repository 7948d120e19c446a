package org.genaiconnector.ra.comfyui.jobs;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.net.URI;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * The spans of a job: its submission, whose context goes with it in the {@code extraData} of the submission, and within that each
 * dispatch to a backend, its time there and the deliveries of its end. By the conventions for messages, because a job is one.
 */
public final class JobSpans {
    private static final JsonProvider JSON = JsonProvider.provider();

    private JobSpans() {}

    /** Submits a job. */
    @FunctionalInterface
    public interface Submitting {
        Job submit(Submission submission) throws GenAiException;
    }

    /** Submits a job within a span of its own, whose context it keeps. */
    public static Job submission(Submission submission, Submitting how) throws GenAiException {
        Telemetry telemetry = Telemetry.get();
        try (Span span = telemetry.start(Telemetry.Kind.PRODUCER, "submit job")) {
            span.set("messaging.system", "comfyui").set("messaging.operation.name", "submit");
            try {
                Optional<String> trace = telemetry.traceparent();
                Job job = how.submit(trace.isPresent() ? with(submission, trace.get()) : submission);
                span.set("messaging.message.id", job.id());
                return job;
            } catch (GenAiException | RuntimeException e) {
                span.fail(e);
                throw e;
            }
        }
    }

    /** On whose behalf a submission is made; its {@code extraData} carries the context of its span. */
    public static Submitter submitter(Submission submission) {
        return new Submitter(
                submission.caller(),
                submission.extraData().get(Telemetry.TRACEPARENT) instanceof JsonString trace
                        ? Optional.of(trace.getString())
                        : Optional.empty());
    }

    private static Submission with(Submission submission, String trace) {
        JsonObjectBuilder data =
                JSON.createObjectBuilder(submission.extraData()).add(Telemetry.TRACEPARENT, trace);
        return submission.withExtraData(data.build());
    }

    /** The submission for a backend that may not see the trace. */
    static Submission without(Submission submission) {
        if (!submission.extraData().containsKey(Telemetry.TRACEPARENT)) {
            return submission;
        }
        JsonObject data = JSON.createObjectBuilder(submission.extraData())
                .remove(Telemetry.TRACEPARENT)
                .build();
        return submission.withExtraData(data);
    }

    /** The span of a dispatch, on the calling thread; of a job without a trace {@link Span#NONE}. */
    static Span dispatch(Submitter submitter, String id, URI server) {
        Telemetry telemetry = Telemetry.get();
        if (!telemetry.isOn() || submitter.trace().isEmpty()) {
            return Span.NONE;
        }
        Span span = telemetry.start(
                Telemetry.Kind.CLIENT, "dispatch job", submitter.trace().get());
        return span.set("messaging.system", "comfyui")
                .set("messaging.operation.name", "dispatch")
                .set("messaging.message.id", id)
                .set("server.address", server.getHost())
                .set("server.port", Telemetry.port(server));
    }

    /**
     * Records the time that a job was at its backend, which has ended now.
     *
     * @param nanos since the backend has taken it
     */
    static void ran(Submitter submitter, String id, URI server, JobState end, long nanos) {
        Telemetry telemetry = Telemetry.get();
        if (!telemetry.isOn() || submitter.trace().isEmpty()) {
            return;
        }
        try (Span span = telemetry.past(
                Telemetry.Kind.CLIENT, "run job", submitter.trace().get(), nanos)) {
            span.set("messaging.system", "comfyui")
                    .set("messaging.message.id", id)
                    .set("server.address", server.getHost())
                    .set("server.port", Telemetry.port(server))
                    .set("genai.job.state", end.name());
            if (end != JobState.COMPLETED) {
                span.fail(end.name(), "");
            }
        }
    }

    /** The span of a delivery, on the calling thread, that of the bean. */
    public static Span delivery(Optional<String> trace, String id, String bean, int delivery) {
        Telemetry telemetry = Telemetry.get();
        if (!telemetry.isOn()) {
            return Span.NONE;
        }
        Span span = trace.isPresent()
                ? telemetry.start(Telemetry.Kind.CONSUMER, "deliver job", trace.get())
                : telemetry.start(Telemetry.Kind.CONSUMER, "deliver job");
        return span.set("messaging.system", "comfyui")
                .set("messaging.operation.name", "deliver")
                .set("messaging.message.id", id)
                .set("genai.job.bean", bean)
                .set("genai.job.delivery", delivery);
    }
}
