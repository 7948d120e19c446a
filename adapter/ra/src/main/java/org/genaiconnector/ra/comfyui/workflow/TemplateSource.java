package org.genaiconnector.ra.comfyui.workflow;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * What a template is made of; equal as long as nothing has changed, the file included.
 *
 * @param file null for a workflow that is given in place
 * @param modified of the file, null without one
 * @param size of the file
 * @param text null with a file
 * @param parameters may be empty
 * @param required may be empty
 */
public record TemplateSource(Path file, FileTime modified, long size, String text, String parameters, String required) {

    /** Looks at the configuration and at the file, which is not read yet. */
    public static TemplateSource of(String workflowFile, String workflow, String parameters, String required)
            throws GenAiException {
        boolean hasFile = isGiven(workflowFile);
        if (hasFile == isGiven(workflow)) {
            throw wrong("A workflow template needs either the property workflowFile or the property workflow; it has "
                    + (hasFile ? "both" : "neither"));
        }
        if (!hasFile) {
            return new TemplateSource(null, null, 0, workflow, given(parameters), given(required));
        }
        Path file = path(workflowFile);
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new TemplateSource(
                    file, now.lastModifiedTime(), now.size(), null, given(parameters), given(required));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static boolean isGiven(String property) {
        return property != null && !property.isBlank();
    }

    private static String given(String property) {
        return property == null ? "" : property;
    }

    private static Path path(String file) throws GenAiException {
        try {
            return Path.of(file.strip()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw wrong("The workflow template's workflowFile is no path: " + e.getMessage());
        }
    }

    /** The workflow's JSON text. */
    String read() throws GenAiException {
        if (file == null) {
            return text;
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST, "The template's workflow file " + file + " is not in UTF-8", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** For messages. */
    String name() {
        return file == null ? "given in place" : "in " + file;
    }

    private static GenAiException unreadable(Path file, IOException cause) {
        return new GenAiException(
                FailureCategory.NOT_FOUND,
                "The template's workflow file " + file + " cannot be read: "
                        + (Files.exists(file) ? cause.getMessage() : "there is no such file"),
                cause);
    }

    static GenAiException wrong(String message) {
        return new GenAiException(FailureCategory.INVALID_REQUEST, message);
    }
}
