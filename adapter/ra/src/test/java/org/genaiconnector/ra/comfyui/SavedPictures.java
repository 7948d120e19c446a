package org.genaiconnector.ra.comfyui;

import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;

/** Workflows that save a small picture, with nodes that every ComfyUI has. */
final class SavedPictures {

    private SavedPictures() {}

    static Workflow ofColor(int color, String filenamePrefix) throws WorkflowRejectedException {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage",
                       "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "%s"}}}""".formatted(color, filenamePrefix));
    }

    /** @param reference to an upload */
    static Workflow copyOf(String reference, String filenamePrefix) throws WorkflowRejectedException {
        return Workflow.parse("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "%s"}}}""".formatted(reference, filenamePrefix));
    }
}
