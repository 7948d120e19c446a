package org.genaiconnector.ra.llm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.genaiconnector.ra.json.ByteOrderMark;
import org.genaiconnector.ra.json.JsonNames;
import org.genaiconnector.ra.json.JsonScanner;

/**
 * Reads server-sent events: lines end with LF, CRLF or CR; a colon at the start is a comment; one space after the colon of a
 * field does not count; several data lines are joined by LF; a blank line ends an event. llama.cpp of February 2025 also
 * writes {@code error:} lines, which become events of that name.
 *
 * <p>Not a library, because every application sees the jars of a RAR. Events stay in the reader's buffer without a copy.
 */
final class SseReader {
    /** The largest event, in bytes; language models send much smaller ones. */
    private static final int MAX_EVENT = 16 * 1024 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[4096];
    /** Where the current event begins; the bytes before it are free. */
    private int begin;

    private int position;
    private int limit;
    /** Where the last line begins. */
    private int lineStart;

    private boolean skipLineFeed;
    private boolean started;
    private boolean cut;

    SseReader(InputStream in) {
        this.in = in;
    }

    /**
     * An event. It uses the reader's buffer, so it is valid until the next event is read.
     *
     * @param name the event's name; empty without one
     * @param bytes the buffer
     * @param from index of the first byte of the data
     * @param to index after the last byte of the data
     */
    record Event(String name, byte[] bytes, int from, int to) {

        /** The data as text. */
        String data() {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }

        /** Whether the data is only white space. */
        boolean isBlank() {
            for (int i = from; i < to; i++) {
                if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\n') {
                    return false;
                }
            }
            return true;
        }

        /** Whether the data is a word, with or without white space around it. */
        boolean is(String word) {
            return to - from >= word.length()
                    && bytes[from] == word.charAt(0)
                    && data().strip().equals(word);
        }

        /** Whether the event has no meaning: white space, null, or a ping with any text. */
        boolean isMeaningless() {
            if (from < to && bytes[from] == '{') {
                return false;
            }
            return isBlank() || is("null") || isPing();
        }

        private boolean isPing() {
            return switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "ping", "heartbeat", "keepalive", "keep-alive", "keep_alive" ->
                    !data().strip().startsWith("{");
                default -> false;
            };
        }

        /** The data as JSON. */
        JsonScanner json() {
            return new JsonScanner(bytes, from, to);
        }
    }

    /**
     * Looks at the first byte that is not white space. To call before the first event is read.
     *
     * @return the byte, 0 to 255; -1 at the end
     */
    int first() throws IOException {
        start();
        while (position < limit || fill(0)) {
            byte b = buffer[position];
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return b & 0xff;
            }
            begin = ++position;
        }
        return -1;
    }

    /** The bytes that have been received and not read. */
    byte[] rest() {
        return Arrays.copyOfRange(buffer, position, limit);
    }

    private void start() throws IOException {
        if (!started) {
            started = true;
            while (limit < ByteOrderMark.LENGTH && ByteOrderMark.begins(buffer, 0, limit) && fill(limit)) {
                // it may come byte by byte
            }
            if (ByteOrderMark.isAt(buffer, 0, limit)) {
                begin = position = ByteOrderMark.LENGTH;
            }
        }
    }

    /** Whether the end of the stream cut the last event. */
    boolean isCut() {
        return cut;
    }

    /** The next event; null at the end. The last one may lack its blank line, which some services leave out. */
    Event next() throws IOException {
        start();
        begin = position;
        String name = "";
        boolean bare = false;
        int dataLength = -1; // the data moves to the beginning of the event, which only makes it shorter
        for (int length = readLine(); length >= 0; length = readLine()) {
            int line = lineStart;
            if (length == 0) {
                if (dataLength >= 0) {
                    return new Event(name, buffer, begin, begin + dataLength);
                }
                name = "";
                bare = false;
                begin = position;
                continue;
            }
            if (bare || buffer[line] == '{') { // JSON without a field: some report errors like this after comments
                bare = true;
                dataLength = append(dataLength, line, length);
                continue;
            }
            int colon = colon(line, line + length);
            int value = Math.min(colon + 1, line + length);
            if (value < line + length && buffer[value] == ' ') {
                value++;
            }
            switch (JsonNames.of(buffer, line, colon)) {
                case "data" -> dataLength = append(dataLength, value, line + length - value);
                case "event" -> name = JsonNames.of(buffer, value, line + length);
                case "error" -> {
                    return new Event("error", buffer, value, line + length);
                }
                default -> { // comments (an empty field), id, retry
                    if (dataLength < 0) {
                        begin = position;
                    }
                }
            }
        }
        cut = true;
        return dataLength < 0 ? null : new Event(name, buffer, begin, begin + dataLength);
    }

    private int append(int dataLength, int from, int length) {
        int end = begin + Math.max(0, dataLength);
        if (dataLength >= 0) {
            buffer[end++] = '\n';
        }
        System.arraycopy(buffer, from, buffer, end, length);
        return end + length - begin;
    }

    private int colon(int from, int to) {
        int i = from;
        while (i < to && buffer[i] != ':') {
            i++;
        }
        return i;
    }

    /** Reads a line into the buffer and returns its length; -1 at the end. */
    private int readLine() throws IOException {
        if (skipLineFeed && (position < limit || fill(0))) {
            if (buffer[position] == '\n') {
                position++;
            }
            skipLineFeed = false;
        }
        int length = 0;
        while (true) {
            if (position + length == limit && !fill(length)) {
                lineStart = position;
                position += length;
                return length == 0 ? -1 : length;
            }
            byte b = buffer[position + length];
            if (b == '\n' || b == '\r') {
                skipLineFeed = b == '\r';
                lineStart = position;
                position += length + 1;
                return length;
            }
            length++;
        }
    }

    /** Reads more bytes after those of the event; returns false at the end. */
    private boolean fill(int unread) throws IOException {
        if (limit == buffer.length) {
            int kept = position + unread - begin;
            if (begin > 0) {
                System.arraycopy(buffer, begin, buffer, 0, kept);
            } else if (kept < MAX_EVENT) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            } else {
                throw new IOException("streamed an event of more than " + MAX_EVENT + " bytes");
            }
            position -= begin;
            limit = kept;
            begin = 0;
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, read);
        return read > 0;
    }
}
