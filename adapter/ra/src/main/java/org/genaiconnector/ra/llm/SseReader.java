package org.genaiconnector.ra.llm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads server-sent events: lines ended by LF, CRLF or CR; a colon at the start is a comment; one space after the colon of
 * a field does not count; several data lines are joined by LF; a blank line ends an event. llama.cpp of February 2025 also
 * writes {@code error:} lines, which come out as events of that name.
 */
final class SseReader {
    /** An event that is larger is not one of a language model. */
    private static final int MAX_LINE = 16 * 1024 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private int position;
    private int limit;
    private boolean skipLineFeed;

    SseReader(InputStream in) {
        this.in = in;
    }

    /**
     * An event.
     *
     * @param name empty if it has none
     * @param data not null
     */
    record Event(String name, String data) {}

    /** The next event; null at the end. An event that the end cuts short still counts, as some servers leave out the blank line. */
    Event next() throws IOException {
        String name = "";
        StringBuilder data = null;
        for (String text = readLine(); text != null; text = readLine()) {
            if (text.isEmpty()) {
                if (data != null) {
                    return new Event(name, data.toString());
                }
                name = "";
                continue;
            }
            int colon = text.indexOf(':');
            String field = colon < 0 ? text : text.substring(0, colon);
            String value = colon < 0 ? "" : text.substring(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            switch (field) {
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                case "event" -> name = value;
                case "error" -> {
                    return new Event("error", value);
                }
                default -> {
                    // comments (an empty field), id, retry
                }
            }
        }
        return data == null ? null : new Event(name, data.toString());
    }

    private String readLine() throws IOException {
        line.reset();
        for (int b = read(); ; b = read()) {
            if (b < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            if (b == '\n' && skipLineFeed) {
                skipLineFeed = false;
                continue;
            }
            skipLineFeed = b == '\r';
            if (b == '\n' || b == '\r') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
            if (line.size() > MAX_LINE) {
                throw new IOException("A line of more than " + MAX_LINE + " bytes");
            }
        }
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = in.read(buffer, 0, buffer.length);
            position = 0;
            if (limit <= 0) {
                limit = 0;
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }
}
