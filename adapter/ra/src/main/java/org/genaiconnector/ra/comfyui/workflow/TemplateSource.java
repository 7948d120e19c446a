package org.genaiconnector.ra.comfyui.workflow;

import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.util.WatchedFile;

/**
 * What a template is made of; equal as long as nothing has changed, the file included.
 *
 * @param file null for a workflow that is given in place
 * @param text null with a file
 * @param parameters may be empty
 * @param required may be empty
 */
public record TemplateSource(WatchedFile file, String text, String parameters, String required) {

    /** Looks at the configuration and at the file, which is not read yet. */
    public static TemplateSource of(String workflowFile, String workflow, String parameters, String required)
            throws GenAiException {
        boolean hasFile = isGiven(workflowFile);
        if (hasFile == isGiven(workflow)) {
            throw wrong("A workflow template needs either the property workflowFile or the property workflow; it has "
                    + (hasFile ? "both" : "neither"));
        }
        return hasFile
                ? new TemplateSource(
                        WatchedFile.of("The template's workflow file", workflowFile),
                        null,
                        given(parameters),
                        given(required))
                : new TemplateSource(null, workflow, given(parameters), given(required));
    }

    private static boolean isGiven(String property) {
        return property != null && !property.isBlank();
    }

    private static String given(String property) {
        return property == null ? "" : property;
    }

    /** The workflow's JSON text. */
    String read() throws GenAiException {
        return file == null ? text : file.read();
    }

    /** For messages. */
    String name() {
        return file == null ? "given in place" : "in " + file.path();
    }

    static GenAiException wrong(String message) {
        return new GenAiException(FailureCategory.INVALID_REQUEST, message);
    }
}
