package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers of any mixture of parts, streamed in pieces of any size, go back as if the service had not streamed them. */
class RoundTripPropertyTest {
    private static final int ANSWERS = 60;

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private final Random random = new Random(20_261_130);
    private int names;

    /** Not blank, with what JSON escapes, and characters of two to four bytes. */
    private String words() {
        String[] pieces = {"a", " b", "\"", "\\", "\n", "\u00e9", "\u732b", "\ud83d\udc33", "{", "}", "</x>", "\t"};
        StringBuilder words = new StringBuilder("w");
        for (int i = random.nextInt(12); i > 0; i--) {
            words.append(pieces[random.nextInt(pieces.length)]);
        }
        return words.toString();
    }

    private static String quoted(String text) {
        return Json.createValue(text).toString();
    }

    /** Cut anywhere, even within what is one character to the reader. */
    private List<String> cut(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(6));
            if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
                to++;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private String name() {
        return "n" + names++;
    }

    private String object() {
        return "{\"x\":" + quoted(words()) + ",\"n\":" + random.nextInt(9) + "}";
    }

    // ---- Anthropic's blocks

    private String block(int index, List<String> events) {
        String type = List.of("text", "cited", "thinking", "redacted", "call", "server", "result", "tomorrow")
                .get(random.nextInt(8));
        List<String> deltas = new ArrayList<>();
        String begun;
        String whole;
        switch (type) {
            case "text", "cited" -> {
                String text = words();
                cut(text).forEach(piece -> deltas.add("\"type\":\"text_delta\",\"text\":" + quoted(piece)));
                begun = "{\"type\":\"text\",\"text\":\"\"}";
                String citation = object();
                if (type.equals("cited")) {
                    deltas.add("\"type\":\"citations_delta\",\"citation\":" + citation);
                }
                whole = "{\"type\":\"text\",\"text\":" + quoted(text)
                        + (type.equals("cited") ? ",\"citations\":[" + citation + "]}" : "}");
            }
            case "thinking" -> {
                String text = words();
                String signature = words();
                cut(text).forEach(piece -> deltas.add("\"type\":\"thinking_delta\",\"thinking\":" + quoted(piece)));
                deltas.add("\"type\":\"signature_delta\",\"signature\":" + quoted(signature));
                begun = "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";
                whole = "{\"type\":\"thinking\",\"thinking\":" + quoted(text) + ",\"signature\":" + quoted(signature)
                        + "}";
            }
            case "call", "server" -> {
                String kind = type.equals("call") ? "tool_use" : "server_tool_use";
                String head = "{\"type\":\"" + kind + "\",\"id\":\"" + name() + "\",\"name\":\"f\",\"input\":";
                String input = random.nextInt(4) == 0 ? "{}" : object();
                if (!input.equals("{}") || random.nextBoolean()) {
                    cut(input)
                            .forEach(piece ->
                                    deltas.add("\"type\":\"input_json_delta\",\"partial_json\":" + quoted(piece)));
                }
                begun = head + "{}}";
                whole = head + input + "}";
            }
            case "redacted" -> {
                begun = "{\"type\":\"redacted_thinking\",\"data\":" + quoted(words()) + "}";
                whole = begun;
            }
            default -> {
                begun = "{\"type\":\"" + type + "_of_a_tool\",\"content\":[" + object() + ",null,1.50]}";
                whole = begun;
            }
        }
        events.add(RoundTripTest.start(index, begun));
        deltas.forEach(delta -> events.add(RoundTripTest.delta(index, "{" + delta + "}")));
        events.add(RoundTripTest.stop(index));
        return whole;
    }

    private RoundTripTest.Case ofAnthropic() {
        List<String> events = new ArrayList<>();
        List<String> blocks = new ArrayList<>();
        for (int i = 0, n = 2 + random.nextInt(5); i < n; i++) {
            blocks.add(block(i, events));
        }
        return new RoundTripTest.Case("", Provider.ANTHROPIC, "[" + String.join(",", blocks) + "]", events, "");
    }

    // ---- messages of OpenAI's protocol

    private RoundTripTest.Case ofOpenAi() {
        List<String> deltas = new ArrayList<>();
        String text = words();
        StringBuilder whole = new StringBuilder("{\"role\":\"assistant\",\"content\":").append(quoted(text));
        for (String member : List.of("reasoning_content", "reasoning")) {
            if (random.nextBoolean()) {
                String thought = words();
                cut(thought).forEach(piece -> deltas.add("{\"" + member + "\":" + quoted(piece) + "}"));
                whole.append(",\"").append(member).append("\":").append(quoted(thought));
            }
        }
        cut(text).forEach(piece -> deltas.add("{\"content\":" + quoted(piece) + "}"));
        List<String> calls = new ArrayList<>();
        for (int i = 0, n = random.nextInt(4); i < n; i++) {
            calls.add(call(i, deltas));
        }
        if (!calls.isEmpty()) {
            whole.append(",\"tool_calls\":[").append(String.join(",", calls)).append(']');
        }
        return new RoundTripTest.Case("", Provider.OPENAI, whole.append('}').toString(), deltas, "");
    }

    private String call(int index, List<String> deltas) {
        String id = name();
        String arguments = object();
        String extra = random.nextBoolean() ? ",\"extra_content\":" + object() : "";
        String begin = "{\"tool_calls\":[{\"index\":" + index;
        deltas.add(begin + ",\"id\":\"" + id
                + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}" + extra + "}]}");
        cut(arguments).forEach(piece -> deltas.add(begin + ",\"function\":{\"arguments\":" + quoted(piece) + "}}]}"));
        return "{\"type\":\"function\",\"id\":\"" + id + "\",\"function\":{\"name\":\"f\",\"arguments\":"
                + quoted(arguments) + "}" + extra + "}";
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC"})
    void sendsBackWhatTheServiceSaid(Provider provider) throws Exception {
        for (int i = 0; i < ANSWERS; i++) {
            RoundTripTest.Case one = provider == Provider.ANTHROPIC ? ofAnthropic() : ofOpenAi();
            for (boolean streamed : new boolean[] {false, true}) {
                ChatMessage answer;
                try (LlmConnection connection = RoundTripTest.connect(provider, server)) {
                    answer = RoundTripTest.answer(server, connection, one, streamed)
                            .message();
                }
                JsonObject back = RoundTripTest.sentBack(provider, server, answer);
                assertThat(one.isAnthropic() ? back.get("content") : back)
                        .as((streamed ? "streamed: " : "whole: ") + one.message())
                        .isEqualTo(one.expected());
            }
        }
    }
}
