package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saving downloads, also under names that lead out of the directory. */
class DownloadTest {
    @TempDir
    private Path directory;

    private record Named(String filename, InputStream content) implements Download {
        Named(String filename) {
            this(filename, new ByteArrayInputStream("content".getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public String mediaType() {
            return "text/plain";
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.txt",
                "..\\evil.txt",
                "/etc/evil",
                "a/evil.txt",
                "..",
                ".",
                "",
                "C:evil.txt",
                "x.txt:stream",
                "a\u0000b"
            })
    void refusesNamesThatLeadOutOfTheDirectory(String name) throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        assertThatThrownBy(() -> new Named(name).saveTo(inner))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refused");
        assertThat(inner).isEmptyDirectory();
        assertThat(directory.toFile().list()).containsExactly("inner");
    }

    @Test
    void replacesALinkAndNotWhatItLeadsTo() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere.txt"), "mine");
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Files.createSymbolicLink(inner.resolve("x.txt"), elsewhere);

        assertThat(new Named("x.txt").saveTo(inner)).hasContent("content").isRegularFile();

        assertThat(elsewhere).hasContent("mine");
        assertThat(Files.isSymbolicLink(inner.resolve("x.txt"))).isFalse();
    }

    @Test
    void keepsNamesOfAllLanguages() throws Exception {
        assertThat(new Named("猫 ü (1).png").saveTo(directory)).isEqualTo(directory.resolve("猫 ü (1).png"));
    }

    @Test
    void leavesTheOldFileAloneWhenTheNewOneBreaks() throws Exception {
        Files.writeString(directory.resolve("x.txt"), "old");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };

        assertThatThrownBy(() -> new Named("x.txt", broken).saveTo(directory)).hasMessage("broken");

        assertThat(directory.resolve("x.txt")).hasContent("old");
        assertThat(directory.toFile().list()).containsExactly("x.txt");
    }

    @Test
    void needsADirectoryThatExists() {
        assertThatThrownBy(() -> new Named("x.txt").saveTo(directory.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }
}
