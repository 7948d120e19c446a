package org.genaiconnector.storyboard.web;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * How content that ComfyUI made is served. Anybody's workflow may have made it, so a browser must never take it for a page of
 * this application: only pictures, sounds and films of known types are shown, anything else is a download; and should a browser
 * show it nevertheless, nothing in it runs.
 */
final class ForeignContent {

    /** A document with this has no origin, runs nothing and loads nothing; what is below serves a picture or film shown alone. */
    static final String POLICY =
            "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline';"
                    + " frame-ancestors 'none'";

    /** No SVG: it is a document with scripts. */
    private static final Set<String> SHOWN = Set.of(
            "image/png",
            "image/jpeg",
            "image/webp",
            "image/gif",
            "image/avif",
            "image/bmp",
            "audio/mpeg",
            "audio/ogg",
            "audio/wav",
            "audio/flac",
            "audio/mp4",
            "video/mp4",
            "video/webm",
            "video/ogg",
            "video/x-matroska");

    private ForeignContent() {}

    /**
     * Headers of an answer.
     *
     * @param filename as the backend calls it
     * @param mediaType what it is said to be; served in our spelling, or not at all
     */
    static Response.ResponseBuilder headers(String filename, String mediaType) {
        String type = essence(mediaType);
        boolean shown = SHOWN.contains(type);
        String name = URLEncoder.encode(filename, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return Response.ok()
                .type(shown ? type : MediaType.APPLICATION_OCTET_STREAM)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        (shown ? "inline" : "attachment") + "; filename*=UTF-8''" + name);
    }

    /** Without parameters, such as a character set. */
    private static String essence(String mediaType) {
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
