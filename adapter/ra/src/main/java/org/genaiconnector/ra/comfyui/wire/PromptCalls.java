package org.genaiconnector.ra.comfyui.wire;

import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.http.HttpCall;

/** Sending prompts, so that one call never makes two jobs. */
public interface PromptCalls {
    /** Where partner nodes find the key of their user (ComfyUI since 0.3.31; the name is the same in the Comfy API v2). */
    String COMFY_ORG_API_KEY = "api_key_comfy_org";

    /** The same, but a prompt that the backend does not take is not repeated. */
    PromptCalls withoutRepetition();

    /** Whether a prompt may be sent, asked each time before it is. */
    @FunctionalInterface
    interface Permission {
        /** For prompts that nobody else may send. */
        Permission ALWAYS = () -> {};

        /** @throws GenAiException why it may not; nothing is sent then */
        void check() throws GenAiException;
    }

    /** What became of a prompt that was not refused. */
    sealed interface Outcome permits Accepted, Doubtful {}

    /** The backend has it. */
    record Accepted(Job job) implements Outcome {}

    /**
     * The backend may have it, or may get it yet.
     *
     * @param why not retryable
     */
    record Doubtful(GenAiException why) implements Outcome {
        /**
         * A prompt whose answer was lost.
         *
         * @param lost what its call failed with
         */
        public static Doubtful of(JobMarker marker, GenAiException lost) {
            GenAiException why = new GenAiException(
                    lost.category(),
                    lost.getMessage() + "; it is not known whether job " + marker.id()
                            + " was accepted, so it is not sent again",
                    lost,
                    false,
                    null,
                    lost.status().isPresent() ? lost.status().getAsInt() : null,
                    lost.requestId().orElse(null));
            for (Throwable suppressed : lost.getSuppressed()) {
                why.addSuppressed(suppressed);
            }
            return new Doubtful(why);
        }
    }

    /**
     * A call that sends a prompt.
     *
     * @param clientId of the WebSocket that is to receive the signals of the job
     * @throws GenAiException if the backend cannot be asked for that; nothing is sent then
     */
    HttpCall prompt(JobMarker marker, Submission submission, Optional<String> clientId) throws GenAiException;

    /**
     * Sends a prompt once.
     *
     * @param marker of the prompt
     * @param call as {@link #prompt} makes it
     * @throws GenAiException if the backend surely does not have it
     */
    Outcome send(JobMarker marker, HttpCall call, Permission permission) throws GenAiException;
}
