package org.genaiconnector.ra.comfyui.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.ra.comfyui.wire.JobSignal;

/** A job's end as the WebSocket signalled it, used if the backend has forgotten the job. Guarded by the ledger. */
final class SignalledEnd {
    private static final long MOST_BYTES = Math.min(1024 * 1024, Footprint.budget() / 16);

    private final List<Output> outputs = new ArrayList<>();
    private long bytes;
    private Optional<JobSignal.Ending> ending = Optional.empty();

    void apply(JobSignal.Executed executed) {
        bytes += Footprint.of(executed.outputs());
        if (bytes <= MOST_BYTES) {
            outputs.addAll(executed.outputs());
        }
    }

    void apply(JobSignal.Ending signal) {
        ending = Optional.of(signal);
    }

    /** Whether a success was signalled without outputs, as happens if they come from a cache. */
    boolean isSuccessWithoutOutputs() {
        return outputs.isEmpty()
                && ending.filter(signal -> signal.state() == JobState.COMPLETED).isPresent();
    }

    /**
     * The end with the signalled outputs.
     *
     * @param id of the job
     * @param listed how it ended if that was not signalled
     */
    Optional<JobStatus> status(String id, Optional<JobState> listed) {
        return ending.map(JobSignal.Ending::state)
                .or(() -> listed)
                .map(state -> JobStatus.ended(
                        id, state, outputs, state == JobState.FAILED ? Optional.of(failure()) : Optional.empty()));
    }

    private JobFailure failure() {
        return ending.flatMap(JobSignal.Ending::failure).orElseGet(() -> JobFailure.of("", "ComfyUI gave no reason"));
    }
}
