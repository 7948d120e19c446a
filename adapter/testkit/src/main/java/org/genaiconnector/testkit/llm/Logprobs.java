package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Token probabilities of a model that never doubts. */
final class Logprobs {
    private static final double ALTERNATIVE = -9.0;

    private Logprobs() {}

    static ObjectNode of(Completion completion, int alternatives) {
        ObjectNode logprobs = Call.JSON.createObjectNode();
        ArrayNode content = logprobs.putArray("content");
        for (String token : completion.tokens()) {
            ObjectNode entry = content.addObject();
            put(entry, token, 0);
            ArrayNode top = entry.putArray("top_logprobs");
            for (int i = 0; i < alternatives; i++) {
                put(top.addObject(), i == 0 ? token : token + i, i == 0 ? 0 : ALTERNATIVE - i);
            }
        }
        return logprobs;
    }

    private static void put(ObjectNode entry, String token, double logprob) {
        entry.put("token", token).put("logprob", logprob);
        ArrayNode bytes = entry.putArray("bytes");
        for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xff);
        }
    }
}
