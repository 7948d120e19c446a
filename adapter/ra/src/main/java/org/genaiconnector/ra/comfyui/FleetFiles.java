package org.genaiconnector.ra.comfyui;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadContent;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.fleet.JobNeeds;
import org.genaiconnector.ra.connection.Operation;

/** The files of several backends: where each is, and how uploads come to the backend of a job. Over the connection of a handle. */
final class FleetFiles {
    private final FactoryFleet own;
    private final BackendWay handle;

    FleetFiles(FactoryFleet own, BackendWay handle) {
        this.own = own;
        this.handle = handle;
    }

    /** Where a file is; empty if any backend may have it. */
    Optional<URI> serverOf(ServerFile file) {
        List<URI> holders = holders(file.reference());
        if (file.server().isPresent() && !holders.contains(file.server().get())) {
            return file.server();
        }
        return own.liveFirst(holders).stream().findFirst();
    }

    /** Those that have an upload under the name that the application knows. */
    private List<URI> holders(String reference) {
        List<URI> holders = new ArrayList<>();
        own.uploads().copies(reference).forEach((server, copy) -> {
            if (copy.reference().equals(reference)) {
                holders.add(server);
            }
        });
        return holders;
    }

    /** Uploads a picture; which backend gets it is of no matter, because it follows the jobs that name it. */
    UploadedFile upload(Upload upload, Operation<ComfyUiOperations, UploadedFile> call) throws GenAiException {
        return upload(own.home(upload.subfolder() + "/" + upload.filename()), call);
    }

    /** Uploads a mask to the backend that has its picture. */
    UploadedFile uploadBeside(ServerFile original, Operation<ComfyUiOperations, UploadedFile> call)
            throws GenAiException {
        URI server = serverOf(original).orElse(own.home(original.reference()));
        return upload(server, call);
    }

    private UploadedFile upload(URI server, Operation<ComfyUiOperations, UploadedFile> call) throws GenAiException {
        UploadedFile there = handle.at(server, call);
        UploadedFile file = located(there, server);
        own.uploads().uploaded(file);
        return file;
    }

    private static UploadedFile located(UploadedFile file, URI server) {
        return new UploadedFile(file.filename(), file.subfolder(), file.directory(), Optional.of(server));
    }

    /** Copies to the backend of a job the uploads that its workflow names, unless it has them. */
    void bring(URI server, JobNeeds needs) throws GenAiException {
        for (UploadedFile file : own.uploads().missing(server, needs.texts())) {
            own.uploads().copied(file, copy(file, server));
        }
    }

    /** By way of a temporary file: a connection is at one backend at a time. */
    private UploadedFile copy(UploadedFile file, URI to) throws GenAiException {
        try {
            Path copy = Files.createTempFile("genai-upload", null);
            try {
                fetch(file, copy);
                return put(file, copy, to);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new GenAiException(
                    FailureCategory.CANCELLED,
                    "Nothing was queued: the upload " + file.reference() + " could not be copied to "
                            + own.fleet().nameOf(to) + " by way of a temporary file: " + e,
                    e);
        }
    }

    private UploadedFile put(UploadedFile file, Path content, URI to) throws GenAiException {
        try {
            UploadedFile there = handle.at(to, operations -> operations.files().uploadImage(copyOf(file, content)));
            return located(there, to);
        } catch (GenAiException e) {
            FleetFailures.rethrowUnlessOfBackend(e);
            throw new GenAiException(
                    FailureCategory.UNAVAILABLE,
                    "Nothing was queued: the upload " + file.reference() + " could not be copied to "
                            + own.fleet().nameOf(to) + ": " + e.getMessage(),
                    e);
        }
    }

    private static Upload copyOf(UploadedFile file, Path content) {
        return Upload.builder(file.filename(), new UploadContent.File(content))
                .subfolder(file.subfolder())
                .directory(file.directory())
                .build();
    }

    private void fetch(UploadedFile file, Path copy) throws GenAiException, IOException {
        Map<URI, GenAiException> failures = new LinkedHashMap<>();
        Map<URI, UploadedFile> copies = own.uploads().copies(file.reference());
        for (URI holder : own.liveFirst(List.copyOf(copies.keySet()))) {
            try {
                Optional<IOException> broken =
                        handle.at(holder, operations -> transfer(operations, copies.get(holder), copy));
                if (broken.isPresent()) {
                    throw broken.get();
                }
                return;
            } catch (GenAiException e) {
                FleetFailures.rethrowUnlessOfBackend(e);
                failures.put(holder, e);
            }
        }
        throw FleetFailures.of(
                own.fleet(),
                FailureCategory.UNAVAILABLE,
                "Nothing was queued: the upload " + file.reference()
                        + " cannot be fetched from any backend that has it; upload it again: ",
                failures);
    }

    /** Within one call, since a connection of no pool lasts no longer. */
    private static Optional<IOException> transfer(ComfyUiOperations operations, UploadedFile file, Path copy)
            throws GenAiException {
        try (Download download = operations
                        .files()
                        .download(
                                file,
                                DownloadOptions.WHOLE,
                                rest -> operations.files().open(rest));
                InputStream content = download.content()) {
            Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
