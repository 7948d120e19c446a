package org.genaiconnector.ra.comfyui.fleet;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.util.BoundedMap;

/** Which backends have which of the latest uploads, and under which names. Any thread. */
public final class Uploads {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final int MOST = 10_000;

    private final Map<String, Upload> known = BoundedMap.inOrderOfUse(MOST);

    /** @param copies by backend, the one that it was uploaded to first */
    private record Upload(UploadedFile file, Map<URI, UploadedFile> copies) {
        Upload(UploadedFile file) {
            this(file, new LinkedHashMap<>());
            add(file);
        }

        void add(UploadedFile copy) {
            copy.server().ifPresent(server -> copies.put(server, copy));
        }
    }

    /** An application has uploaded a file; what had its name before does not count any more. */
    public synchronized void uploaded(UploadedFile file) {
        known.put(file.reference(), new Upload(file));
    }

    /** Another application server has uploaded a file. */
    public synchronized void heard(UploadedFile file) {
        known.computeIfAbsent(file.reference(), absent -> new Upload(file)).add(file);
    }

    /** The uploads among some texts, each with a backend that has it. */
    public synchronized List<UploadedFile> named(Set<String> texts) {
        return texts.stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .map(Upload::file)
                .toList();
    }

    /** A file was copied to another backend, which may have given it another name. */
    public synchronized void copied(UploadedFile file, UploadedFile copy) {
        Upload upload = known.get(file.reference());
        if (upload != null && upload.file().equals(file)) {
            upload.add(copy);
        }
    }

    /** The uploads among some texts that a backend does not have. */
    public synchronized List<UploadedFile> missing(URI server, Set<String> texts) {
        List<UploadedFile> missing = new ArrayList<>();
        for (String text : texts) {
            Optional.ofNullable(known.get(text))
                    .filter(upload -> !upload.copies().containsKey(server))
                    .ifPresent(upload -> missing.add(upload.file()));
        }
        return missing;
    }

    /** An upload as each backend has it, the one that it was uploaded to first; none if it is not known. */
    public synchronized Map<URI, UploadedFile> copies(String reference) {
        Upload upload = known.get(reference);
        return upload == null ? Map.of() : new LinkedHashMap<>(upload.copies());
    }

    /** A submission whose workflow names its uploads as a backend does that has them. */
    public Submission asAt(URI server, Submission submission, JobNeeds needs) throws GenAiException {
        Map<String, String> names = renamed(server, needs.texts());
        return names.isEmpty()
                ? submission
                : submission.withWorkflow(
                        Workflow.of(replaced(submission.workflow().toJson(), names)));
    }

    private synchronized Map<String, String> renamed(URI server, Set<String> texts) {
        Map<String, String> names = new HashMap<>();
        for (UploadedFile file : named(texts)) {
            UploadedFile copy = known.get(file.reference()).copies().getOrDefault(server, file);
            if (!copy.reference().equals(file.reference())) {
                names.put(file.reference(), copy.reference());
            }
        }
        return names;
    }

    private static JsonObject replaced(JsonObject workflow, Map<String, String> names) {
        JsonObjectBuilder nodes = JSON.createObjectBuilder();
        workflow.forEach((id, node) -> {
            JsonObjectBuilder inputs = JSON.createObjectBuilder();
            JsonValues.object(JsonValues.object(node).get("inputs"))
                    .forEach((input, value) -> inputs.add(input, replaced(value, names)));
            nodes.add(id, JSON.createObjectBuilder(JsonValues.object(node)).add("inputs", inputs));
        });
        return nodes.build();
    }

    private static JsonValue replaced(JsonValue value, Map<String, String> names) {
        return value instanceof JsonString text && names.containsKey(text.getString())
                ? JSON.createValue(names.get(text.getString()))
                : value;
    }
}
