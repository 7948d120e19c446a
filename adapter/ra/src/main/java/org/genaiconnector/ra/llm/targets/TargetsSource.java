package org.genaiconnector.ra.llm.targets;

import jakarta.json.JsonException;
import java.nio.file.Path;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.ra.util.WatchedFile;

/**
 * Where targets are written; equal as long as nothing has changed, the file included.
 *
 * @param file null if the property has the text itself
 * @param inPlace null with a file
 */
public record TargetsSource(WatchedFile file, String inPlace) {

    /**
     * Looks at a property, and at the file that it names, which is not read yet.
     *
     * @param property a JSON object, or the path of a file with one
     * @throws GenAiException if there is no such file
     */
    public static TargetsSource of(String property) throws GenAiException {
        return property.strip().startsWith("{")
                ? new TargetsSource(null, property)
                : new TargetsSource(WatchedFile.of("The targets file", property), null);
    }

    /** The subject of messages. */
    private String name() {
        return file == null ? "The text of targets" : "The targets file " + file.path();
    }

    /**
     * Reads it.
     *
     * @param services the providers that targets may name
     * @throws GenAiException that names the file, the place in it and the remedy
     */
    public Targets read(List<Service> services) throws GenAiException {
        String text = file == null ? inPlace : file.read();
        try {
            return new TargetsReader(
                            services, file == null ? Path.of("") : file.path().getParent())
                    .read(new Place(name(), "", LenientJson.read(text)));
        } catch (JsonException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, name() + " is not JSON: " + e.getMessage(), e);
        }
    }
}
