package org.genaiconnector.ra.comfyui.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.ra.comfyui.wire.JobSignal;

/** What the WebSocket told of a job's end, of use where nobody else knows the job any more. Guarded by the job's tracker. */
final class SignalledEnd {
    private static final long MOST_BYTES = Math.min(1024 * 1024, Footprint.budget() / 16);

    private final List<Output> outputs = new ArrayList<>();
    private long bytes;
    private Optional<JobSignal.Ending> ending = Optional.empty();

    void hear(JobSignal.Executed executed) {
        bytes += Footprint.of(executed.outputs());
        if (bytes <= MOST_BYTES) {
            outputs.addAll(executed.outputs());
        }
    }

    void hear(JobSignal.Ending told) {
        ending = Optional.of(told);
    }

    /** Whether it told a success and nothing that came of it, as for outputs from a cache. */
    boolean isSuccessWithoutOutputs() {
        return outputs.isEmpty()
                && ending.filter(told -> told.state() == JobState.COMPLETED).isPresent();
    }

    /**
     * The end with the outputs that were told.
     *
     * @param id of the job
     * @param listed how it ended if the WebSocket has not told
     */
    Optional<JobStatus> status(String id, Optional<JobState> listed) {
        return ending.map(JobSignal.Ending::state)
                .or(() -> listed)
                .map(state -> JobStatus.ended(
                        id, state, outputs, state == JobState.FAILED ? Optional.of(failure()) : Optional.empty()));
    }

    private JobFailure failure() {
        return ending.flatMap(JobSignal.Ending::failure)
                .orElseGet(() -> new JobFailure("", "", "", "No reason given", List.of()));
    }
}
