package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {
    private static final byte[] NOTHING = {};

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "' ', empty",
        "a/b.png, folder",
        "a\\b.png, folder",
        "../x.png, folder",
        ".., is a folder",
        ".,  is a folder",
        "'a\r\nb.png', control character",
        "'a\u0000.png', control character",
        "'a\uD800.png', half a character",
        "x [temp], directory",
        "x.png[output], directory",
    })
    void refusesFileNamesThatMeanSomethingElse(String name, String why) {
        assertThatThrownBy(() -> Upload.of(name, NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The file name \"" + name.replaceAll("\\p{Cntrl}", "?") + "\"")
                .hasMessageContaining(why);
    }

    @Test
    void refusesFileNamesThatNoFileSystemTakes() {
        assertThatThrownBy(() -> Upload.of("猫".repeat(86), NOTHING)).hasMessageContaining("255 bytes");
        assertThat(Upload.of("猫".repeat(85), NOTHING).filename()).hasSize(85);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/../..", "/a", "\\a", "a\\b", "C:/x", "./a", "a/", "a//b", " ", "a\nb"})
    void refusesSubfoldersThatLeadElsewhere(String subfolder) {
        assertThatThrownBy(() -> Upload.of("x.png", NOTHING).withSubfolder(subfolder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subfolder \"" + subfolder.replace('\n', '?') + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b c", "..a/b..", ".hidden", "猫/ü"})
    void takesSubfoldersBelowTheDirectory(String subfolder) {
        assertThat(Upload.of("x.png", NOTHING).withSubfolder(subfolder).subfolder())
                .isEqualTo(subfolder);
    }

    @Test
    void takesTheNameOfAFile() {
        assertThat(Upload.of(Path.of("some", "where", "cat.mp4")).filename()).isEqualTo("cat.mp4");
        assertThatThrownBy(() -> Upload.of(Path.of("/"))).hasMessageContaining("empty");
    }

    @Test
    void goesToTheTopOfTheInputDirectoryByDefault() {
        Upload upload = Upload.of("x.png", NOTHING);
        assertThat(upload.directory()).isEqualTo(FileDirectory.INPUT);
        assertThat(upload.subfolder()).isEmpty();
        assertThat(upload.overwrite()).isFalse();
        assertThat(upload.withDirectory(FileDirectory.TEMP).withSubfolder("a").withOverwrite(true))
                .isEqualTo(upload.toBuilder()
                        .overwrite(true)
                        .subfolder("a")
                        .directory(FileDirectory.TEMP)
                        .build());
    }

    @Test
    void refusesANegativeLength() {
        InputStream stream = new ByteArrayInputStream(NOTHING);
        assertThatThrownBy(() -> Upload.of("x.png", stream, -1)).hasMessageContaining("-1");
    }

    @Test
    void namesOutputsAsInputsOfOtherWorkflows() {
        assertThat(new OutputFile("9", "images", "a.png", "it", FileDirectory.OUTPUT).reference())
                .isEqualTo("it/a.png [output]");
        assertThat(new UploadedFile("a.png", "", FileDirectory.INPUT).reference())
                .isEqualTo("a.png");
    }
}
