package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerBodyTest {
    private static final int LIMIT = 4 * 1024 * 1024;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0, -1",
        "1, 1",
        "1, -1",
        "4095, -1",
        "4096, -1",
        "4097, -1",
        "100000, 100000",
        "100000, -1",
        "2000000, 2000000",
        "4194304, 4194304",
        "4194304, -1"
    })
    void readsEveryByteWithAndWithoutAnAnnouncedSize(int size, int announced) throws IOException {
        byte[] sent = bytes(size);
        assertThat(AnswerBody.read(inPieces(sent), announced, LIMIT)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"4194305, 4194305", "4194305, -1", "5000000, 5000000", "5000000, -1"})
    void givesUpBeyondTheLimit(int size, int announced) throws IOException {
        assertThat(AnswerBody.read(inPieces(bytes(size)), announced, LIMIT))
                .hasSize(LIMIT + 1)
                .startsWith(Arrays.copyOf(bytes(size), 100));
    }

    @Test
    void takesNoMemoryForAMereAnnouncement() throws IOException {
        assertThat(AnswerBody.read(inPieces(bytes(10)), Integer.MAX_VALUE, LIMIT))
                .hasSize(10);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /** As a socket gives them. */
    private static InputStream inPieces(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1460));
            }
        };
    }
}
