package org.genaiconnector.storyboard.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryDataTest {

    @TempDir
    private Path temporary;

    @Test
    void makesTheDirectoryThatIsAskedFor() throws IOException {
        Path directory = temporary.resolve("a/b");

        StoryData data = StoryData.prepare(Map.of("STORYBOARD_DATA", directory.toString()), temporary.resolve("not"));

        assertThat(directory).isDirectory();
        assertThat(data.directory()).isEqualTo(directory);
        assertThat(data.describe()).contains(directory.toString());
        assertThat(data.commands().toString()).contains("jdbc:h2:file:" + directory + "/stories;WRITE_DELAY=0");
        assertThat(temporary.resolve("not")).doesNotExist();
    }

    @Test
    void takesTheDefaultIfNothingIsAskedFor() throws IOException {
        assertThat(StoryData.prepare(Map.of("STORYBOARD_DATA", " "), temporary.resolve("data"))
                        .directory())
                .isEqualTo(temporary.resolve("data"));
    }

    @Test
    void namesAFileInThePlaceOfTheDirectory() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> StoryData.prepare(Map.of("STORYBOARD_DATA", file.toString()), temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("STORYBOARD_DATA=" + file + " must be a directory")
                .message()
                .hasLineCount(1);
        assertThatThrownBy(() -> StoryData.prepare(
                        Map.of("STORYBOARD_DATA", file.resolve("below").toString()), temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be a directory");
    }

    @Test
    void namesAPathThatCannotBeOne() {
        assertThatThrownBy(() -> StoryData.prepare(Map.of("STORYBOARD_DATA", "a\0b"), temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("STORYBOARD_DATA");
    }

    @Test
    void refusesADirectoryThatCannotBeWritten() {
        assertThatThrownBy(() -> StoryData.prepare(Map.of("STORYBOARD_DATA", "/proc/storyboard"), temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("STORYBOARD_DATA=/proc/storyboard must be a directory that can be written");
    }

    @Test
    void refusesADirectoryThatIsInUse() throws IOException {
        Map<String, String> environment = Map.of("STORYBOARD_DATA", temporary.toString());
        StoryData.prepare(environment, temporary);

        assertThatThrownBy(() -> StoryData.prepare(environment, temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is in use by another Storyboard");
    }

    @Test
    void refusesADatabaseThatAnApplicationServerHasOpen() throws IOException {
        Path database = Files.createFile(temporary.resolve("stories.mv.db"));
        try (FileChannel open = FileChannel.open(database, StandardOpenOption.WRITE)) {
            open.lock();

            assertThatThrownBy(() -> StoryData.prepare(Map.of(), temporary))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is in use by another Storyboard");
        }
    }

    @Test
    void namesADatabaseOfAnotherKind() {
        assertThatThrownBy(() -> StoryData.prepare(Map.of("DATABASE_URL", "mysql://h/db?password=s3cret"), temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DATABASE_URL must begin with jdbc:postgresql://")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void namesADatabaseThatCannotBeReached() {
        Map<String, String> environment = Map.of("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/storyboard");

        assertThatThrownBy(() -> StoryData.prepare(environment, temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the database of DATABASE_URL cannot be used")
                .hasMessageContaining("127.0.0.1:1")
                .message()
                .hasLineCount(1);
    }
}
