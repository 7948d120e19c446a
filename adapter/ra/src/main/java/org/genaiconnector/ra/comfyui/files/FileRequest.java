package org.genaiconnector.ra.comfyui.files;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.OpenAnswer;

/**
 * A request for a file, or for what is still missing of it.
 *
 * @param file which one
 * @param options how
 * @param offset how many bytes have come already
 * @param tag of the content that they are of; empty for the first request
 * @param total size of that content
 */
public record FileRequest(
        ServerFile file, DownloadOptions options, long offset, Optional<String> tag, OptionalLong total) {

    private static final Pattern PAGE = Pattern.compile("(?is).*\\.x?html?");
    private static final Pattern MEDIA = Pattern.compile("(image|audio|video)/.*");

    /** A request for the whole of a file. */
    public static FileRequest first(ServerFile file, DownloadOptions options) {
        return new FileRequest(file, options, 0, Optional.empty(), OptionalLong.empty());
    }

    /** The same for the rest of the file. */
    FileRequest from(long position, String knownTag, long knownTotal) {
        return new FileRequest(file, options, position, Optional.of(knownTag), OptionalLong.of(knownTotal));
    }

    /** Fails if the file should not be asked for at all. */
    public void check() throws GenAiException {
        Optional<String> fault = file.fault();
        if (fault.isPresent()) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, "The file is not asked for: " + fault.get());
        }
        if (options.preview().isPresent()
                && !file.mediaType().startsWith("image/")
                && !file.mediaType().equals("application/octet-stream")) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "There are previews of pictures only, and " + file.filename() + " is " + file.mediaType());
        }
    }

    /** The file on a backend. */
    static HttpResource resource(HttpResource view, ServerFile file) {
        return view.query("filename", file.filename())
                .query("subfolder", file.subfolder())
                .query("type", file.directory().type());
    }

    /**
     * The call.
     *
     * @param content of the file
     */
    public HttpCall call(HttpResource content) {
        HttpResource resource = content;
        if (options.preview().isPresent()) {
            resource = preview(resource, options.preview().get());
        }
        HttpCall call = HttpCall.get(resource).followingRedirects();
        // proxies honour If-Range; ComfyUI does not, so the tag of the answer is compared as well
        return tag.isEmpty()
                ? call
                : call.header("Range", "bytes=" + offset + "-").header("If-Range", tag.get());
    }

    /** JPEG has no transparency; without the parameter to drop it a backend answers WebP instead. */
    private static HttpResource preview(HttpResource resource, PreviewFormat format) {
        HttpResource preview =
                resource.query("preview", format.format().name().toLowerCase(Locale.ROOT) + ";" + format.quality());
        return format.format() == PreviewFormat.Encoding.JPEG ? preview.query("channel", "rgb") : preview;
    }

    /** Name for what is downloaded. */
    String filename() {
        if (options.preview().isEmpty()) {
            return file.filename();
        }
        int dot = file.filename().lastIndexOf('.');
        String stem = dot > 0 ? file.filename().substring(0, dot) : file.filename();
        return stem
                + switch (options.preview().get().format()) {
                    case WEBP -> ".webp";
                    case JPEG -> ".jpg";
                };
    }

    /** Takes an answer if it is what was asked for. */
    public OpenAnswer accept(OpenAnswer answer) throws GenAiException {
        Optional<String> fault = faultOfType(file, answer.header("Content-Type"));
        if (fault.isPresent()) {
            throw new GenAiException(FailureCategory.PROTOCOL, answer.server() + " " + fault.get());
        }
        if (tag.isEmpty()) {
            if (options.maxBytes().isPresent()
                    && answer.length().orElse(0) > options.maxBytes().getAsLong()) {
                throw tooLarge(answer.length().getAsLong() + " bytes");
            }
            return answer;
        }
        String rest = "bytes " + offset + "-" + (total.getAsLong() - 1) + "/" + total.getAsLong();
        boolean same = answer.header("ETag").equals(tag)
                && answer.header("Content-Range").filter(rest::equals).isPresent();
        if (!same) {
            throw new GenAiException(
                    FailureCategory.CONFLICT,
                    answer.server() + " has another file " + file.filename() + " now than when its transfer began",
                    null,
                    false,
                    null,
                    null,
                    null);
        }
        return answer;
    }

    /**
     * What is wrong with the type of an answer, if anything: a proxy's page to sign on comes under a status of success, too.
     * ComfyUI itself gives pictures, sound and films their types, and HTML none (July 2024: only to files of HTML).
     */
    static Optional<String> faultOfType(ServerFile file, Optional<String> contentType) {
        String type = contentType
                .map(text -> text.replaceFirst("(?s);.*", "").strip().toLowerCase(Locale.ROOT))
                .orElse("");
        boolean page = type.equals("text/html") || type.equals("application/xhtml+xml");
        boolean wrong = page
                ? !PAGE.matcher(file.filename()).matches()
                : MEDIA.matcher(file.mediaType()).matches()
                        && (type.startsWith("text/")
                                || type.equals("application/json")
                                || type.equals("application/xml"));
        return wrong
                ? Optional.of("answered with " + ForeignText.line(type, 100) + " instead of the file " + file.filename()
                        + ", as proxies do that want a sign-on")
                : Optional.empty();
    }

    GenAiException tooLarge(String size) {
        return new GenAiException(
                FailureCategory.TOO_LARGE,
                "The file " + file.filename() + " has " + size + ", and at most "
                        + options.maxBytes().getAsLong() + " are wanted");
    }
}
