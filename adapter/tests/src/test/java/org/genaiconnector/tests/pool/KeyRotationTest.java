package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.tests.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replacing an API key while a pool is in use. */
class KeyRotationTest {
    @Test
    void newConnectionsHaveTheNewKeyAndTheOldOnesGo(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), "sk-first\n");
        try (PooledLlm llm = PooledLlm.ofOne(managed -> managed.setApiKeyFile(file.toString()))) {
            llm.chat();
            assertThat(lastKey(llm)).isEqualTo("Bearer sk-first");

            try (LlmConnection connection = llm.factory().getConnection()) {
                Files.writeString(file, "sk-other\n");
                PooledLlm.chat(connection);
                assertThat(lastKey(llm)).as("a connection keeps its key").isEqualTo("Bearer sk-first");
            }
            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.chat();
                return lastKey(llm).equals("Bearer sk-other");
            });

            llm.chat();
            assertThat(lastKey(llm)).isEqualTo("Bearer sk-other");
            llm.awaitSize(1);
        }
    }

    private static String lastKey(PooledLlm llm) {
        var requests = llm.traffic().requests(PooledLlm.CHAT);
        return requests.get(requests.size() - 1).header("Authorization").orElse("none");
    }
}
