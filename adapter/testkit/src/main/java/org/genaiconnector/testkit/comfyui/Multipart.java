package org.genaiconnector.testkit.comfyui;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body, by name; of equal names the first. */
public record Multipart(Map<String, Part> parts) {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final Pattern NAME = Pattern.compile("[;\\s]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("[;\\s]filename=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ENCODED_FILE_NAME = Pattern.compile("filename\\*=UTF-8''([^;\\s]+)");

    /** @param fileName empty for a plain field; a part whose file name is empty counts as one too */
    public record Part(String fileName, byte[] content) {
        boolean isFile() {
            return !fileName.isEmpty();
        }

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /**
     * Reads a body.
     *
     * @param contentType null for none
     * @return empty if it is no form
     */
    public static Optional<Multipart> parse(String contentType, byte[] body) {
        Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (contentType == null || !contentType.startsWith("multipart/form-data") || !boundary.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(boundary.group(1), new String(body, StandardCharsets.ISO_8859_1)));
        } catch (PythonError e) {
            return Optional.empty();
        }
    }

    static Multipart parse(Exchange exchange) throws PythonError {
        Matcher boundary = BOUNDARY.matcher(exchange.header("content-type").orElse(""));
        String type = exchange.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("multipart/form-data")) {
            return new Multipart(Map.of());
        }
        if (!boundary.find()) {
            throw new PythonError("ValueError", "boundary missed for Content-Type: " + type);
        }
        return parse(boundary.group(1), new String(exchange.body(), StandardCharsets.ISO_8859_1));
    }

    /** One byte is one char here, so that patterns and offsets work on the raw body. */
    private static Multipart parse(String boundary, String body) throws PythonError {
        String delimiter = "--" + boundary;
        Map<String, Part> parts = new LinkedHashMap<>();
        int start = body.indexOf(delimiter);
        while (start >= 0 && !body.startsWith("--", start + delimiter.length())) {
            int end = body.indexOf("\r\n" + delimiter, start);
            int headEnd = body.indexOf("\r\n\r\n", start);
            if (end < 0 || headEnd < 0 || headEnd > end) {
                throw new PythonError("ValueError", "Could not find starting boundary");
            }
            add(parts, body.substring(start, headEnd), body.substring(headEnd + 4, Math.max(end, headEnd + 4)));
            start = end + 2;
        }
        return new Multipart(parts);
    }

    private static void add(Map<String, Part> parts, String head, String content) {
        Matcher name = NAME.matcher(head);
        if (name.find()) {
            parts.putIfAbsent(
                    utf8(name.group(1)), new Part(fileName(head), content.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    private static String fileName(String head) {
        Matcher encoded = ENCODED_FILE_NAME.matcher(head);
        if (encoded.find()) {
            return URLDecoder.decode(encoded.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        }
        Matcher plain = FILE_NAME.matcher(head);
        return plain.find() ? utf8(plain.group(1).replaceAll("\\\\(.)", "$1")) : "";
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The content of a part with a file. */
    public Optional<byte[]> content(String name) {
        return part(name).filter(Part::isFile).map(Part::content);
    }

    Optional<Part> part(String name) {
        return Optional.ofNullable(parts.get(name));
    }

    /** The text of a plain field. */
    public Optional<String> field(String name) {
        return part(name).map(Part::text);
    }
}
