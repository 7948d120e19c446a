package org.genaiconnector.ra.llm;

/** The answer "Hello" in each protocol, whole and streamed, for tests that frame it in odd ways. */
enum Hello {
    CHAT(
            Provider.LOCAL,
            "{\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":3}}\n\n",
            "data: [DONE]\n\n"),
    RESPONSES(
            Provider.OPENAI_RESPONSES,
            Json.RESPONSE,
            "event: response.created\n"
                    + "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]}}\n\n"
                    + "event: response.output_item.added\n"
                    + "data: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"m\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}}\n\n"
                    + "event: response.output_text.delta\n"
                    + "data: {\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hel\"}\n\n",
            "event: response.output_text.delta\n"
                    + "data: {\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"lo\"}\n\n"
                    + "data: {\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" + Json.ITEM
                    + "}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":" + Json.RESPONSE + "}\n\n",
            ""),
    MESSAGES(
            Provider.ANTHROPIC,
            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\"}",
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"content\":[]}}\n\n"
                    + "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
                    + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}\n\n",
            "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"lo\"}}\n\n"
                    + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
            "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n",
            "data: {\"type\":\"message_stop\"}\n\n");

    /** A provider that speaks this protocol. */
    final Provider provider;

    /** The answer at once. */
    final String whole;

    /** The events up to those for "Hel". */
    final String hel;

    /** The events for "lo". */
    final String lo;

    /** The event that says that the answer is complete, with a count of 3 tokens. */
    final String stop;

    /** What the protocol sends behind that; may be empty. */
    final String terminator;

    Hello(Provider provider, String whole, String hel, String lo, String stop, String terminator) {
        this.provider = provider;
        this.whole = whole;
        this.hel = hel;
        this.lo = lo;
        this.stop = stop;
        this.terminator = terminator;
    }

    /** The answer in the protocol of a provider. */
    static Hello of(Provider provider) {
        return switch (provider.protocol()) {
            case CHAT -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
        };
    }

    /** All events. */
    String stream() {
        return hel + lo + stop + terminator;
    }

    private static final class Json {
        static final String ITEM = "{\"type\":\"message\",\"id\":\"m\",\"status\":\"completed\",\"role\":\"assistant\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\",\"annotations\":[]}]}";
        static final String RESPONSE =
                "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m\",\"output\":[" + ITEM
                        + "],\"usage\":{\"output_tokens\":3}}";
    }
}
