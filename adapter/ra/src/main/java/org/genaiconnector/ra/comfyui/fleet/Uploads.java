package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.util.BoundedMap;

/** Which backends have which of the latest uploads. Any thread. */
public final class Uploads {
    private static final int MOST = 10_000;

    private final Map<String, Upload> known = BoundedMap.inOrderOfUse(MOST);

    /** @param servers that have it, the one that it was uploaded to first */
    private record Upload(UploadedFile file, Set<URI> servers) {}

    /** An application has uploaded a file; what had its name before does not count any more. */
    public synchronized void uploaded(UploadedFile file) {
        known.put(
                file.reference(),
                new Upload(file, new LinkedHashSet<>(file.server().stream().toList())));
    }

    /** Another application server has uploaded a file. */
    public synchronized void heard(UploadedFile file) {
        Upload upload = known.get(file.reference());
        if (upload == null) {
            uploaded(file);
        } else {
            upload.servers().addAll(file.server().stream().toList());
        }
    }

    /** The uploads among some texts, each with a backend that has it. */
    public synchronized List<UploadedFile> named(Set<String> texts) {
        return texts.stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .map(Upload::file)
                .toList();
    }

    /** A file was copied to another backend under the same name. */
    public synchronized void copied(UploadedFile file, URI server) {
        Upload upload = known.get(file.reference());
        if (upload != null && upload.file().equals(file)) {
            upload.servers().add(server);
        }
    }

    /** The uploads among some texts that a backend does not have. */
    public synchronized List<UploadedFile> missing(URI server, Set<String> texts) {
        List<UploadedFile> missing = new ArrayList<>();
        for (String text : texts) {
            Optional.ofNullable(known.get(text))
                    .filter(upload -> !upload.servers().contains(server))
                    .ifPresent(upload -> missing.add(upload.file()));
        }
        return missing;
    }

    /** The backends that have an upload, the one that it was uploaded to first; none if it is not known. */
    public synchronized List<URI> holders(String reference) {
        Upload upload = known.get(reference);
        return upload == null ? List.of() : List.copyOf(upload.servers());
    }
}
