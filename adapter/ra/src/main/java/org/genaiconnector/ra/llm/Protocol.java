package org.genaiconnector.ra.llm;

import java.util.HashMap;
import java.util.Map;

/** The wire protocols; each has a dialect. */
enum Protocol {
    /** OpenAI's {@code POST /chat/completions}, which most services speak. */
    CHAT("chat completions"),
    /** OpenAI's {@code POST /responses}. */
    RESPONSES("responses"),
    /** Anthropic's {@code POST /v1/messages}. */
    MESSAGES("messages") {
        @Override
        Map<String, String> headers(Map<String, String> credentials) {
            Map<String, String> headers = new HashMap<>(credentials);
            headers.put("anthropic-version", "2023-06-01");
            return headers;
        }
    };

    private final String words;

    Protocol(String words) {
        this.words = words;
    }

    /** What the documentation says. */
    String words() {
        return words;
    }

    /** The headers of every request: those of the credentials, and those that the protocol requires. */
    Map<String, String> headers(Map<String, String> credentials) {
        return credentials;
    }
}
