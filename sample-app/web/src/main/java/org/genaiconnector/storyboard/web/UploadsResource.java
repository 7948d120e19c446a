package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.storyboard.ImageServer;

/** {@code /api/uploads}: input files for workflows. */
@Path("uploads")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class UploadsResource {

    @Inject
    private ImageServer server;

    /**
     * Passes a file on to ComfyUI: the first part with a file name. The parts {@code subfolder} and {@code overwrite}
     * ({@code true}) are optional.
     */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response upload(List<EntityPart> parts) throws IOException, ResourceException {
        EntityPart file = parts.stream()
                .filter(part -> part.getFileName().isPresent())
                .findFirst()
                .orElseThrow(() -> RequestException.badRequest("No part of the form is a file"));
        try (InputStream content = file.getContent()) {
            UploadedFile uploaded = server.upload(upload(
                    utf8(file.getFileName().get()), content, field(parts, "subfolder"), field(parts, "overwrite")));
            return Response.status(Response.Status.CREATED)
                    .entity(UploadedJson.of(uploaded))
                    .build();
        }
    }

    /** Browsers send names in UTF-8, and the application server reads them as Latin-1; the bytes are the same. */
    private static String utf8(String name) {
        try {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.newEncoder().encode(CharBuffer.wrap(name));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return name; // it was not so
        }
    }

    private static Upload upload(String filename, InputStream content, String subfolder, String overwrite) {
        try {
            return Upload.of(filename, content).withSubfolder(subfolder).withOverwrite(Boolean.parseBoolean(overwrite));
        } catch (IllegalArgumentException e) {
            throw RequestException.badRequest(e.getMessage(), e);
        }
    }

    private static String field(List<EntityPart> parts, String name) throws IOException {
        for (EntityPart part : parts) {
            if (part.getName().equals(name) && part.getFileName().isEmpty()) {
                return part.getContent(String.class);
            }
        }
        return "";
    }

    /**
     * An uploaded file as clients see it.
     *
     * @param name that ComfyUI gave it
     * @param subfolder may be empty
     * @param type ComfyUI's word for its directory
     * @param reference for inputs of workflows
     */
    public record UploadedJson(String name, String subfolder, String type, String reference) {

        static UploadedJson of(UploadedFile file) {
            return new UploadedJson(
                    file.filename(), file.subfolder(), file.directory().type(), file.reference());
        }
    }
}
