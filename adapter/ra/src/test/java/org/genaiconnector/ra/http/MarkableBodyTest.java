package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MarkableBodyTest {
    private final MarkableBody body =
            new MarkableBody(new ByteArrayInputStream("abcdefgh".getBytes(StandardCharsets.US_ASCII)));

    private String read(int length) throws IOException {
        return new String(body.readNBytes(length), StandardCharsets.US_ASCII);
    }

    @Test
    void givesAgainWhatWasReadBehindTheMark() throws Exception {
        assertThat(read(1)).isEqualTo("a");
        body.mark(3);
        assertThat(read(2)).isEqualTo("bc");
        body.reset();
        assertThat(body.available()).isEqualTo(7);
        assertThat(read(1)).isEqualTo("b");
        body.reset();
        assertThat(read(9)).isEqualTo("bcdefgh");
    }

    @Test
    void canBeMarkedWithinWhatIsGivenAgain() throws Exception {
        body.mark(4);
        read(4);
        body.reset();
        read(1);
        body.mark(2);
        assertThat(read(4)).isEqualTo("bcde");
        body.reset();
        assertThat(body.skip(2)).isEqualTo(2);
        assertThat(read(9)).isEqualTo("defgh");
    }

    @Test
    void forgetsAMarkThatLiesTooFarBack() throws Exception {
        body.mark(1);
        assertThat(read(3)).isEqualTo("abc");
        assertThatIOException().isThrownBy(body::reset);
        assertThat(read(9)).isEqualTo("defgh");
    }
}
