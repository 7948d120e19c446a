package org.genaiconnector.testkit.comfyui;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code /view}: finds a file, and serves it whole, in part, smaller or as a single channel. */
final class ViewRoute {
    private static final int STANDARD_QUALITY = 90;

    private final Folders folders;
    private final FileServing files;

    ViewRoute(Folders folders, ServerVersion version) {
        this.folders = folders;
        this.files = new FileServing(version);
    }

    Answer answer(Exchange exchange) throws PythonError, IOException {
        Optional<String> asked = exchange.parameter("filename");
        if (asked.isEmpty()) {
            return Answer.empty(404);
        }
        Folders.Annotated named = Folders.Annotated.parse(asked.get());
        if (named.name().isEmpty()
                || named.name().startsWith("/")
                || named.name().contains("..")) {
            return Answer.empty(400);
        }
        String type = named.type().or(() -> exchange.parameter("type")).orElse("output");
        Optional<Path> directory = folders.byType(type);
        if (directory.isEmpty()) {
            return Answer.empty(400);
        }
        Path folder = directory
                .get()
                .resolve(exchange.parameter("subfolder").orElse(""))
                .normalize();
        if (!folder.startsWith(directory.get())) {
            return Answer.empty(403);
        }
        Path file = folder.resolve(Path.of(named.name()).getFileName());
        if (!Files.isRegularFile(file)) {
            return Answer.empty(404);
        }
        return serve(file, exchange);
    }

    private Answer serve(Path file, Exchange exchange) throws PythonError, IOException {
        String channel = exchange.parameter("channel").orElse("rgba");
        if (exchange.parameter("preview").isPresent()) {
            return preview(
                    file,
                    exchange.parameter("preview").get(),
                    exchange.parameter("channel").orElse(""));
        }
        if (channel.equals("rgb") || channel.equals("a")) {
            BufferedImage image = Pictures.open(file);
            return built(
                    file, "image/png", Pictures.png(channel.equals("a") ? alphaOf(image) : Pictures.opaque(image)));
        }
        return files.serve(file, exchange);
    }

    private static Answer preview(Path file, String wanted, String channel) throws PythonError {
        List<String> parts = List.of(wanted.split(";", -1));
        String last = parts.get(parts.size() - 1);
        int quality = last.matches("\\d{1,3}") ? Math.min(Integer.parseInt(last), 100) : STANDARD_QUALITY;
        BufferedImage image = Pictures.open(file);
        if (parts.get(0).equals("jpeg") && !channel.contains("a")) {
            return built(file, "image/jpeg", Pictures.jpeg(image, quality / 100f)); // its transparency is dropped
        }
        return built(file, "image/webp", WebP.encode(channel.equals("rgb") ? Pictures.opaque(image) : image));
    }

    /** A picture that has the transparency of {@code image} and nothing else. */
    private static BufferedImage alphaOf(BufferedImage image) {
        BufferedImage alpha = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                alpha.setRGB(x, y, image.getRGB(x, y) & 0xff000000);
            }
        }
        return alpha;
    }

    private static Answer built(Path file, String contentType, byte[] bytes) {
        return Answer.bytes(200, contentType, bytes).with("Content-Disposition", disposition(file));
    }

    /** Without a disposition type, and with the raw UTF-8 bytes of the name. */
    static String disposition(Path file) {
        byte[] name = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        return "filename=\"" + new String(name, StandardCharsets.ISO_8859_1) + "\"";
    }
}
