package org.genaiconnector.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The messages for operators against docs/operator-messages.md. */
class OperatorMessageTest {
    @Test
    void areListedInTheDocumentation() throws Exception {
        String document = words(Files.readString(Path.of("..", "..", "docs", "operator-messages.md")));

        for (OperatorMessage message : OperatorMessage.values()) {
            assertThat(document)
                    .contains(words("- " + message.id() + " (" + message.level() + "): "
                            + message.words().replaceAll("\\{\\d}", "...") + ". " + message.remedy()));
        }
    }

    @Test
    void haveIdsOfTheirOwn() {
        assertThat(Arrays.stream(OperatorMessage.values())
                        .map(OperatorMessage::id)
                        .collect(Collectors.toSet()))
                .hasSize(OperatorMessage.values().length);
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
