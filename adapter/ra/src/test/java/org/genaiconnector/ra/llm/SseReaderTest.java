package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

    /** Gives so many bytes at a time. */
    private static final class Pieces extends ByteArrayInputStream {
        private final int size;

        Pieces(String text, int size) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.size = size;
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(size, length));
        }
    }

    private static List<String> events(InputStream in) throws IOException {
        SseReader reader = new SseReader(in);
        List<String> events = new ArrayList<>();
        for (SseReader.Event event = reader.next(); event != null; event = reader.next()) {
            events.add(event.name() + "|" + event.data());
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void readsEveryFormWhereverTheBytesAreCut(int size) throws Exception {
        String text = ": comment\n\n"
                + "data: one\n\n"
                + "data:no space\r\n\r\n"
                + "event: named\rdata:  two spaces\r\r"
                + "id: 7\nretry: 10\nevent: lines\ndata: a\ndata\ndata: ä🐳\n\n"
                + "event: without data\n\n"
                + "\n\n"
                + "error: broken\n\n"
                + "data: " + "long ".repeat(3_000) + "\n\n"
                + "data: cut";
        assertThat(events(new Pieces(text, size)))
                .containsExactly(
                        "|one",
                        "|no space",
                        "named| two spaces",
                        "lines|a\n\nä🐳",
                        "error|broken",
                        "|" + "long ".repeat(3_000),
                        "|cut");
    }

    @Test
    void readsAnEndlessStreamOfCommentsInConstantMemory() throws Exception {
        InputStream comments = new InputStream() {
            private long left = 64L << 20;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int n = (int) Math.min(length, left);
                for (int i = 0; i < n; i++) {
                    bytes[offset + i] = (byte) ((left - i & 1) == 0 ? ':' : '\n');
                }
                left -= n;
                return n == 0 ? -1 : n;
            }
        };
        assertThat(events(comments)).isEmpty(); // an event of so many bytes is refused
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        assertThat(catchThrowableOfType(
                        IOException.class, () -> events(new Pieces("data: " + "x".repeat(40 << 20), 1 << 20))))
                .hasMessageContaining("more than");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void takesJsonWithoutTheFieldForData(int size) throws Exception {
        String text = "\ufeff: comment\n{\"a\":\r\n \"x: y\"\n}\n\nevent: e\n{}\n\ndata: next\n\n{\"cut\"";
        assertThat(events(new Pieces(text, size)))
                .containsExactly("|{\"a\":\n \"x: y\"\n}", "e|{}", "|next", "|{\"cut\"");
    }
}
