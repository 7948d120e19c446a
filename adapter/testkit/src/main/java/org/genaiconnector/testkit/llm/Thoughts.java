package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/** Signatures of what the model thought, by which a block that was changed on its way back is known. */
final class Thoughts {
    private static final String OURS = "sim-";

    private Thoughts() {}

    static String signature(String thought) {
        CRC32 sum = new CRC32();
        sum.update(thought.getBytes(StandardCharsets.UTF_8));
        return OURS
                + Base64.getEncoder()
                        .encodeToString(Long.toHexString(sum.getValue()).getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether a block came back as it was given; of signatures that others made nothing is known. */
    static boolean isIntact(JsonNode block) {
        String signature = block.path("signature").asText();
        return !signature.startsWith(OURS)
                || signature.equals(signature(block.path("thinking").asText()));
    }
}
