package org.genaiconnector.comfyui;

import java.io.Serializable;
import org.genaiconnector.ForeignText;

/**
 * An error of one node of a workflow. ComfyUI's text is cleaned and cut by {@link ForeignText}.
 *
 * @param type ComfyUI's error type, an open set: {@code required_input_missing}, {@code value_not_in_list} ...
 * @param message for people
 * @param details usually the input's name and value, may be empty; at most 4,000 characters of ComfyUI's
 */
public record NodeError(String type, String message, String details) implements Serializable {

    /** Message and details on one line, cut where they are long. */
    @Override
    public String toString() {
        return ForeignText.line(details.isEmpty() ? message : message + ": " + details);
    }
}
