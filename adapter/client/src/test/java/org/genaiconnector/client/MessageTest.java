package org.genaiconnector.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The messages for operators against docs/operator-messages.md. */
class MessageTest {
    @Test
    void areListedInTheDocumentation() throws Exception {
        String document = words(Files.readString(Path.of("..", "..", "docs", "operator-messages.md")));

        for (Message message : Message.values()) {
            assertThat(document)
                    .contains(words("- " + message.id() + " (" + message.level() + "): "
                            + message.text().replaceAll("\\{\\d}", "...") + ". " + message.remedy()));
        }
    }

    @Test
    void haveIdsOfTheirOwn() {
        assertThat(Arrays.stream(Message.values()).map(Message::id).collect(Collectors.toSet()))
                .hasSize(Message.values().length);
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
