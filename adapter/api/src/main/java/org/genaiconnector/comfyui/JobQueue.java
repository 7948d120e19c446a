package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.List;

/**
 * ComfyUI's queue at one moment, of all its clients.
 *
 * @param running ids of the running jobs, at most one on every ComfyUI version known
 * @param pending ids of the waiting jobs, the next one first
 */
public record JobQueue(List<String> running, List<String> pending) implements Serializable {

    public JobQueue {
        running = List.copyOf(running);
        pending = List.copyOf(pending);
    }
}
