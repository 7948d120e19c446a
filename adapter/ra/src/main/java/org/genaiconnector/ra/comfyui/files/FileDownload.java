package org.genaiconnector.ra.comfyui.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.ra.connection.StreamedResult;
import org.genaiconnector.ra.http.BrokenAnswerException;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.OpenAnswer;

/**
 * A file being streamed from {@code /view}. When the transfer breaks, the rest is asked for, through the handle that began
 * it: so a handle that was closed meanwhile never touches a connection that serves another caller by then.
 */
public final class FileDownload implements Download, StreamedResult {
    /** A transfer that brings at least so much between two breaks gets on. */
    private static final long PROGRESS = 64 * 1024;

    /** Asks for a file, or its rest. */
    @FunctionalInterface
    public interface Source {
        OpenAnswer open(FileRequest request) throws GenAiException;
    }

    private final FileRequest request;
    private final Source source;
    private final HttpSettings limits;

    /** Of all parts of the transfer together. */
    private final Deadline deadline;

    private final String mediaType;
    private final OptionalLong length;
    private final String tag;
    private final InputStream content = new Content();
    private OpenAnswer answer;
    private boolean closed;
    private boolean resuming;
    private Consumer<Optional<GenAiException>> observer = ended -> {};

    // of the reading thread
    private long position;
    private long lastBreak = -PROGRESS;
    private int breaks;

    /**
     * A download that has begun.
     *
     * @param source by which the rest is asked for when the transfer breaks
     */
    public static Download of(FileRequest request, OpenAnswer answer, Source source, HttpSettings limits) {
        return new FileDownload(request, answer, source, limits);
    }

    private FileDownload(FileRequest request, OpenAnswer answer, Source source, HttpSettings limits) {
        this.request = request;
        this.answer = answer;
        this.source = source;
        this.limits = limits;
        this.deadline = Deadline.ofCall(limits.callTimeout()); // or of the request, if that ends sooner
        this.mediaType = answer.header("Content-Type").orElse("application/octet-stream");
        this.length = answer.length();
        this.tag = answer.header("Accept-Ranges").filter("bytes"::equals).isPresent()
                ? answer.header("ETag").filter(known -> !known.startsWith("W/")).orElse(null)
                : null;
    }

    @Override
    public String filename() {
        return request.filename();
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    @Override
    public OptionalLong length() {
        return length;
    }

    @Override
    public InputStream content() {
        return content;
    }

    @Override
    public void close() {
        OpenAnswer current;
        synchronized (this) {
            closed = true;
            current = answer;
        }
        current.close();
    }

    private synchronized OpenAnswer answer() {
        return answer;
    }

    @Override
    public void whenEnded(Consumer<Optional<GenAiException>> listener) {
        OpenAnswer current;
        synchronized (this) {
            observer = listener;
            current = answer;
        }
        current.whenEnded(this::ended);
    }

    /** A part has ended, which is not the end of the whole if the rest is asked for. */
    private void ended(Optional<GenAiException> failure) {
        Consumer<Optional<GenAiException>> listener;
        synchronized (this) {
            if (resuming) {
                return;
            }
            listener = observer;
        }
        listener.accept(failure);
    }

    private void resume(BrokenAnswerException broken) throws IOException {
        if (!mayResume(broken.failure())) {
            throw broken;
        }
        synchronized (this) {
            resuming = true;
        }
        answer().close(); // the connection is busy until then
        try {
            swap(deadline.around(() -> source.open(request.from(position, tag, length.getAsLong()))));
        } catch (RuntimeException | Error e) {
            observer.accept(Optional.of(new GenAiException(FailureCategory.PROTOCOL, e.toString(), e)));
            throw e;
        } catch (GenAiException e) {
            observer.accept(Optional.of(e));
            e.addSuppressed(broken);
            throw new IOException(
                    "The transfer of " + request.filename() + " broke off after " + position + " of "
                            + length.getAsLong() + " bytes and cannot be resumed: " + e.getMessage(),
                    e);
        }
    }

    /** Only a transfer that broke by itself; each break that brought little counts as one of the attempts of a call. */
    private boolean mayResume(GenAiException failure) {
        if (failure.category() != FailureCategory.TRUNCATED || tag == null || length.isEmpty()) {
            return false;
        }
        breaks = position - lastBreak < PROGRESS ? breaks + 1 : 1;
        lastBreak = position;
        return breaks <= limits.retry().maxRetries() && !deadline.hasPassed();
    }

    private void swap(OpenAnswer next) {
        boolean tooLate;
        synchronized (this) {
            answer = next;
            tooLate = closed;
            resuming = false;
        }
        next.whenEnded(this::ended);
        if (tooLate) {
            next.close(); // so that the next read fails
        }
    }

    private final class Content extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            while (true) {
                try {
                    int n = answer().content().read(bytes, offset, count);
                    if (n > 0) {
                        arrived(n);
                    }
                    return n;
                } catch (BrokenAnswerException e) {
                    resume(e);
                }
            }
        }

        private void arrived(int n) throws IOException {
            position += n;
            OptionalLong most = request.options().maxBytes();
            if (most.isPresent() && position > most.getAsLong()) {
                FileDownload.this.close();
                GenAiException tooLarge = request.tooLarge("more bytes");
                throw new IOException(tooLarge.getMessage(), tooLarge);
            }
        }

        @Override
        public void close() {
            FileDownload.this.close();
        }
    }
}
