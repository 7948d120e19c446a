package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.FORCED_ATTACHMENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves files with entity tags, dates and ranges, quirk by quirk like the real server. */
record FileServing(ServerVersion version) {
    private static final String OPAQUE = "application/octet-stream";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;
    private static final DateTimeFormatter PADDED_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain"),
            Map.entry("csv", "text/csv"),
            Map.entry("md", "text/markdown"),
            Map.entry("html", "text/html"),
            Map.entry("htm", "text/html"),
            Map.entry("css", "text/css"),
            Map.entry("js", "text/javascript"),
            Map.entry("xml", "text/xml"),
            Map.entry("json", "application/json"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("webm", "video/webm"),
            Map.entry("mkv", "video/x-matroska"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("wav", "audio/x-wav"),
            Map.entry("flac", "audio/flac"),
            Map.entry("opus", "audio/opus"),
            Map.entry("glb", "model/gltf-binary"),
            Map.entry("zip", "application/zip"));
    private static final Set<String> ACTIVE =
            Set.of("text/html", "text/css", "text/javascript", "text/xml", "image/svg+xml");

    Answer serve(Path file, Exchange exchange) throws IOException {
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        long size = Files.size(file);
        String tag = "\"%x-%x\"".formatted(modified.getEpochSecond() * 1_000_000_000L + modified.getNano(), size);
        Instant lastModified = modified.truncatedTo(ChronoUnit.SECONDS);
        if (unchanged(exchange, tag, lastModified)) {
            return dated(headed(304, file, new Answer.Unsized()), tag, lastModified);
        }
        Optional<String> range = exchange.header("range").filter(r -> mayBeInParts(exchange, lastModified));
        if (range.isEmpty()) {
            return whole(200, file, 0, size, tag, lastModified);
        }
        long[] part = part(range.get(), size);
        if (part == null) {
            return headed(416, file, new Answer.Unsized()).with("Content-Range", "bytes */" + size);
        }
        return whole(206, file, part[0], part[1], tag, lastModified)
                .with("Content-Range", "bytes " + part[0] + "-" + (part[0] + part[1] - 1) + "/" + size);
    }

    private Answer whole(int status, Path file, long offset, long length, String tag, Instant modified) {
        return dated(headed(status, file, new Answer.FilePart(file, offset, length)), tag, modified)
                .with("Accept-Ranges", "bytes");
    }

    private static Answer dated(Answer answer, String tag, Instant modified) {
        return answer.with("ETag", tag).with("Last-Modified", PADDED_DATE.format(modified.atZone(ZoneOffset.UTC)));
    }

    private Answer headed(int status, Path file, Answer.Body body) {
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = TYPES.getOrDefault(ending, OPAQUE);
        boolean active = ACTIVE.contains(type);
        boolean attached = active && version.has(FORCED_ATTACHMENT);
        Answer answer = new Answer(status, Map.of(), body)
                .with("Content-Type", active ? OPAQUE : type)
                .with("Content-Disposition", (attached ? "attachment; " : "") + ViewRoute.disposition(file))
                .with("X-Content-Type-Options", "nosniff");
        return attached ? answer.with("Cache-Control", "no-store").with("Vary", "Sec-Fetch-Dest") : answer;
    }

    private static boolean unchanged(Exchange exchange, String tag, Instant modified) {
        Optional<String> known = exchange.header("if-none-match");
        if (known.isPresent()) {
            return known.get().equals("*") || known.get().contains(tag);
        }
        return exchange.header("if-modified-since")
                .flatMap(FileServing::date)
                .filter(since -> !modified.isAfter(since))
                .isPresent();
    }

    /** Only a date in If-Range counts; with any entity tag the part is sent. */
    private static boolean mayBeInParts(Exchange exchange, Instant modified) {
        return exchange.header("if-range")
                .flatMap(FileServing::date)
                .filter(modified::isAfter)
                .isEmpty();
    }

    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(ZonedDateTime.parse(header, DATE).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Offset and length of the part that {@code header} asks for, or null if there is no such part. */
    private static long[] part(String header, long size) {
        Matcher range = RANGE.matcher(header);
        if (!range.matches() || header.equals("bytes=-")) {
            return null;
        }
        String first = range.group(1);
        String last = range.group(2);
        long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? size : Math.min(Long.parseLong(last) + 1, size);
        return from >= to || from >= size ? null : new long[] {from, to - from};
    }
}
