package org.genaiconnector.ra.comfyui.jobs;

import java.util.Optional;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.statistics.CountedJob;

/**
 * Where a job comes from.
 *
 * @param tag of its submission
 * @param own whether it was submitted through this adapter
 * @param shape of its workflow
 * @param lostAfterMillis how long the backend may be silent before the job counts as lost; 0 for ever
 * @param count the job in the figures of its factory
 */
record JobOrigin(Optional<String> tag, boolean own, WorkflowShape shape, long lostAfterMillis, CountedJob count) {}
