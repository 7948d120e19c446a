package org.genaiconnector.comfyui;

/**
 * What is wrong with one node of a workflow.
 *
 * @param type ComfyUI's error type, an open set: {@code required_input_missing}, {@code value_not_in_list} ...
 * @param message for people
 * @param details usually the input's name and value, may be empty
 */
public record NodeError(String type, String message, String details) {

    /** Message and details on one line. */
    @Override
    public String toString() {
        return details.isEmpty() ? message : message + ": " + details;
    }
}
