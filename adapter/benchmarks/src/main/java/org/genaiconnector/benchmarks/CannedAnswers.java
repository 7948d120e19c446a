package org.genaiconnector.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What OpenAI and Anthropic would say, prepared to the last byte: one short chat, whole or as {@link #CHUNKS} pieces of
 * text in as many HTTP chunks; an empty list to every other request.
 */
public final class CannedAnswers {
    /** Pieces of text in a stream. */
    public static final int CHUNKS = 200;

    /** What the model says in one piece. */
    public static final String WORDS =
            "A lighthouse at dusk, its lamp just lit, above a sea the colour of slate; one gull hangs in the wind.";

    /** Every piece of a stream. */
    public static final String PIECE = " slate";

    private static final String OPENAI_HEAD =
            "\"id\":\"chatcmpl-BzxY4nWc2vTq0\",\"created\":1764000000,\"model\":\"gpt-4o-2024-08-06\",";

    private static final byte[] OPENAI_CHAT = answer("{" + OPENAI_HEAD + """
            "object":"chat.completion",\
            "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null,"annotations":[]},\
            "logprobs":null,"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":19,"completion_tokens":27,"total_tokens":46,\
            "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0}},"service_tier":"default"}""".formatted(WORDS));

    private static final byte[] ANTHROPIC_CHAT = answer("""
            {"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"claude-test",\
            "content":[{"type":"text","text":"%s"}],"stop_reason":"end_turn","stop_sequence":null,\
            "usage":{"input_tokens":19,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
            "output_tokens":27,"service_tier":"standard"}}""".formatted(WORDS));

    private static final byte[] OPENAI_STREAM = stream(openAiEvents());
    private static final byte[] ANTHROPIC_STREAM = stream(anthropicEvents());
    private static final byte[] LIST = answer("{\"object\":\"list\",\"data\":[]}");

    private CannedAnswers() {}

    static byte[] to(String requestLine, byte[] body) {
        if (!requestLine.startsWith("POST ")) {
            return LIST;
        }
        String request = new String(body, StandardCharsets.ISO_8859_1);
        boolean streamed = request.contains("\"stream\":true") || request.contains("\"stream\" : true");
        if (requestLine.contains("/messages")) {
            return streamed ? ANTHROPIC_STREAM : ANTHROPIC_CHAT;
        }
        return streamed ? OPENAI_STREAM : OPENAI_CHAT;
    }

    private static List<String> openAiEvents() {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            events.add(openAiChunk("{\"content\":\"" + PIECE + "\"}", "null"));
        }
        events.add(openAiChunk("{}", "\"stop\""));
        events.add("data: {" + OPENAI_HEAD + """
                "object":"chat.completion.chunk","service_tier":"default","system_fingerprint":"fp_44709d6fcb",\
                "choices":[],"usage":{"prompt_tokens":19,"completion_tokens":200,"total_tokens":219}}""");
        events.add("data: [DONE]");
        return events;
    }

    private static String openAiChunk(String delta, String finishReason) {
        return "data: {" + OPENAI_HEAD + """
                "object":"chat.completion.chunk","service_tier":"default","system_fingerprint":"fp_44709d6fcb",\
                "choices":[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}],"usage":null}""".formatted(delta, finishReason);
    }

    private static List<String> anthropicEvents() {
        List<String> events = new ArrayList<>();
        events.add(anthropicEvent("message_start", """
                "message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant",\
                "model":"claude-test","content":[],"stop_reason":null,"stop_sequence":null,\
                "usage":{"input_tokens":19,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                "output_tokens":1,"service_tier":"standard"}}"""));
        events.add(anthropicEvent(
                "content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        for (int i = 0; i < CHUNKS; i++) {
            events.add(anthropicEvent(
                    "content_block_delta",
                    "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + PIECE + "\"}"));
        }
        events.add(anthropicEvent("content_block_stop", "\"index\":0"));
        events.add(anthropicEvent(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":200}"));
        events.add("event: message_stop\ndata: {\"type\":\"message_stop\"}");
        return events;
    }

    private static String anthropicEvent(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}";
    }

    private static byte[] answer(String json) {
        return ("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json\r\n"
                        + "x-request-id: req_5f2d9c\r\nContent-Length: "
                        + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] stream(List<String> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n"
                        + "Content-Type: text/event-stream; charset=utf-8\r\n"
                        + "x-request-id: req_5f2d9c\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        for (String event : events) {
            String text = event + "\n\n";
            out.writeBytes(
                    (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
