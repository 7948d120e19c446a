package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASSETS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** {@code /upload/image} and {@code /upload/mask}: files from clients. */
final class UploadRoutes {
    private final ServerVersion version;
    private final Folders folders;

    UploadRoutes(ServerVersion version, Folders folders) {
        this.version = version;
        this.folders = folders;
    }

    void addTo(Routes routes) {
        routes.post("/upload/image", exchange -> upload(Multipart.parse(exchange)))
                .post("/upload/mask", this::uploadMask);
    }

    private Answer upload(Multipart form) throws PythonError, IOException {
        Optional<Place> place = place(form);
        if (place.isEmpty()) {
            return Answer.empty(400);
        }
        byte[] content = form.part("image").orElseThrow().content();
        Place free = overwrites(form) ? place.get() : place.get().freeFor(content);
        Files.write(free.file(), content);
        return free.answer(version);
    }

    private static boolean overwrites(Multipart form) {
        String overwrite = form.field("overwrite").orElse("");
        return overwrite.equals("true") || overwrite.equals("1");
    }

    /** Where the file of a form goes; nothing if it would leave its directory or there is no file. */
    private Optional<Place> place(Multipart form) throws PythonError, IOException {
        String type = form.field("type").orElse("input");
        Path directory = folders.byType(type)
                .orElseThrow(() -> new PythonError("TypeError", "expected str, bytes or os.PathLike object"));
        Multipart.Part image = form.part("image").orElse(null);
        if (image == null) {
            return Optional.empty();
        }
        if (!image.isFile()) {
            throw new PythonError("AttributeError", "'str' object has no attribute 'file'");
        }
        String subfolder = form.field("subfolder").orElse("");
        Path folder = directory.resolve(subfolder).normalize();
        if (!folder.resolve(image.fileName()).normalize().startsWith(directory)) {
            return Optional.empty();
        }
        Files.createDirectories(folder);
        return Optional.of(new Place(folder, image.fileName(), subfolder, type));
    }

    /** A file and how it is called towards the client. */
    private record Place(Path folder, String name, String subfolder, String type) {

        Path file() {
            return folder.resolve(name).normalize();
        }

        /** This place, or the first one with a number that is free or holds the same {@code content} already. */
        Place freeFor(byte[] content) throws IOException {
            int dot = name.lastIndexOf('.');
            String stem = dot > 0 ? name.substring(0, dot) : name;
            String ending = dot > 0 ? name.substring(dot) : "";
            Place place = this;
            for (int i = 1; Files.exists(place.file()); i++) {
                if (Arrays.equals(Files.readAllBytes(place.file()), content)) {
                    return place;
                }
                place = new Place(folder, stem + " (" + i + ")" + ending, subfolder, type);
            }
            return place;
        }

        Answer answer(ServerVersion version) throws IOException {
            ObjectNode stored =
                    Json.object().put("name", name).put("subfolder", subfolder).put("type", type);
            if (version.has(ASSETS) && Files.exists(file())) {
                stored.set("asset", FileAssets.uploaded(type, subfolder, name, Files.size(file())));
            }
            return Answer.json(stored);
        }
    }

    /** Stores a copy of the original picture that has the transparency of the uploaded one. */
    private Answer uploadMask(Exchange exchange) throws PythonError, IOException {
        Multipart form = Multipart.parse(exchange);
        Optional<Place> place = place(form);
        if (place.isEmpty()) {
            return Answer.empty(400);
        }
        String reference = form.field("original_ref").orElseThrow(() -> PythonError.missingKey("original_ref"));
        Optional<Path> original = original(Json.parse(reference));
        if (original.isPresent()) {
            byte[] content = form.part("image").orElseThrow().content();
            BufferedImage mask = Pictures.decode(new ByteArrayInputStream(content))
                    .orElseThrow(() -> new PythonError("PIL.UnidentifiedImageError", "cannot identify image file"));
            Files.write(place.get().file(), Pictures.png(masked(Pictures.open(original.get()), mask)));
        }
        return place.get().answer(version);
    }

    private Optional<Path> original(JsonNode reference) {
        Path directory = folders.byType(reference.path("type").asText("output")).orElse(folders.output());
        Path file = directory
                .resolve(reference.path("subfolder").asText(""))
                .resolve(reference.path("filename").asText())
                .normalize();
        return Optional.of(file).filter(f -> f.startsWith(directory) && Files.isRegularFile(f));
    }

    private static BufferedImage masked(BufferedImage original, BufferedImage mask) {
        BufferedImage masked =
                new BufferedImage(original.getWidth(), original.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < original.getHeight(); y++) {
            for (int x = 0; x < original.getWidth(); x++) {
                boolean covered = x < mask.getWidth() && y < mask.getHeight();
                int alpha = covered ? mask.getRGB(x, y) & 0xff000000 : 0xff000000;
                masked.setRGB(x, y, original.getRGB(x, y) & 0xffffff | alpha);
            }
        }
        return masked;
    }
}
