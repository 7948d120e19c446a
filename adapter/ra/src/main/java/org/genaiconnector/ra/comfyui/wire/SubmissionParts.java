package org.genaiconnector.ra.comfyui.wire;

import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.telemetry.Telemetry;

/** The parts of submissions that only ComfyUI's own protocol has a place for. */
public final class SubmissionParts {
    /** Of submissions that are sent when their transaction is committed, under ids that were given before. */
    public static final String TRANSACTION = "local transactions";

    private SubmissionParts() {}

    /** Their names, as messages show them. The key of partner nodes has a place in both, and the trace is left out silently. */
    public static List<String> of(Submission submission) {
        List<String> parts = new ArrayList<>();
        if (submission.front()) {
            parts.add("front");
        }
        if (submission.number().isPresent()) {
            parts.add("number");
        }
        if (!submission.targets().isEmpty()) {
            parts.add("targets");
        }
        if (submission.previewMethod().isPresent()) {
            parts.add("previewMethod");
        }
        for (String name : submission.extraData().keySet()) {
            if (!name.equals(PromptCalls.COMFY_ORG_API_KEY) && !name.equals(Telemetry.TRACEPARENT)) {
                parts.add("extraData " + name);
            }
        }
        return parts;
    }
}
