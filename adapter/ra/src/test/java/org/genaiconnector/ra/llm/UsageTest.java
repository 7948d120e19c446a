package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Token counts of all services, under all their names, so that costs can be computed from them. */
class UsageTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static TokenUsage chat(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            return connection.chat(HI).usage();
        }
    }

    private static TokenUsage stream(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            return Streams.end(Streams.drain(connection.stream(HI))).usage();
        }
    }

    /** -1 for unknown. */
    private static void assertCounts(TokenUsage usage, List<Long> inOutCachedThoughtWritten) {
        assertThat(List.of(
                        usage.inputTokens().orElse(-1),
                        usage.outputTokens().orElse(-1),
                        usage.cachedInputTokens().orElse(-1),
                        usage.reasoningTokens().orElse(-1),
                        usage.cacheWriteTokens().orElse(-1)))
                .isEqualTo(inOutCachedThoughtWritten);
    }

    private static List<Long> counts(String text) {
        return List.of(text.trim().split(" ")).stream().map(Long::valueOf).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'usage':{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':3},'completion_tokens_details':{'reasoning_tokens':2}} | 10 5 4 2 3",
                "'x_groq':{'id':'req','usage':{'queue_time':0.1,'prompt_tokens':10,'completion_tokens':5}} | 10 5 -1 -1 -1",
                "'usage':null,'x_groq':{'usage':{'prompt_tokens':10,'completion_tokens':5}} | 10 5 -1 -1 -1",
                "'usage':{'prompt_tokens':10,'completion_tokens':5,'prompt_cache_hit_tokens':8,'prompt_cache_miss_tokens':2} | 10 5 8 -1 -1",
                "'usage':{'prompt_tokens':10,'completion_tokens':5,'cached_tokens':8} | 10 5 8 -1 -1",
                "'usage':{'input_tokens':10,'output_tokens':5,'output_tokens_details':{'reasoning_tokens':1}} | 10 5 -1 1 -1",
                "'usage':{'prompt_tokens':10,'completion_tokens':5,'total_tokens':22,'completion_tokens_details':{'reasoning_tokens':7}} | 10 12 -1 7 -1",
                "'usage':{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15,'completion_tokens_details':{'reasoning_tokens':5}} | 10 5 -1 5 -1",
                "'usage':{'prompt_tokens':-10,'completion_tokens':'5','prompt_tokens_details':7,'completion_tokens_details':null} | -1 -1 -1 -1 -1",
                "'usage':{'prompt_tokens':9223372036854775807,'completion_tokens':1e300,'cached_tokens':99999999999999999999999} | -1 -1 -1 -1 -1",
                "'usage':{'prompt_tokens':10.0,'completion_tokens':{'a':1}} | 10 -1 -1 -1 -1",
                "'usage':[{'prompt_tokens':10}],'x_groq':'none' | -1 -1 -1 -1 -1",
                "'usage':'lots','x_groq':{'usage':[]} | -1 -1 -1 -1 -1",
            })
    void countsWhereverAnOpenAiServerCounts(String members, String counts) throws Exception {
        String json = members.replace('\'', '"');
        server.script()
                .json("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]," + json + "}");
        assertCounts(chat(Provider.OPENAI), counts(counts));
        server.script()
                .events(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n",
                        "data: {\"choices\":[]," + json + "}\n\n",
                        "data: [DONE]\n\n");
        assertCounts(stream(Provider.LOCAL), counts(counts));
    }

    @Test
    void countsWithinAChoice() throws Exception {
        String usage = "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}";
        server.script()
                .json("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"," + usage + "}]}")
                .events("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"," + usage
                        + "}],\"usage\":null}\n\n");
        assertCounts(chat(Provider.LOCAL), counts("10 5 -1 -1 -1"));
        assertCounts(stream(Provider.LOCAL), counts("10 5 -1 -1 -1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'input_tokens':10,'output_tokens':5 | 10 5 -1 -1 -1",
                "'input_tokens':10,'output_tokens':5,'cache_creation_input_tokens':0,'cache_read_input_tokens':0 | 10 5 0 -1 0",
                "'input_tokens':10,'output_tokens':5,'cache_creation_input_tokens':100,'cache_read_input_tokens':1000 | 1110 5 1000 -1 100",
                "'input_tokens':10,'output_tokens':5,'cache_creation_input_tokens':null,'cache_creation':{'ephemeral_5m_input_tokens':1} | 10 5 -1 -1 -1",
                "'input_tokens':10,'output_tokens':50,'output_tokens_details':{'thinking_tokens':40} | 10 50 -1 40 -1",
                "'input_tokens':-1,'output_tokens':'5','cache_read_input_tokens':3 | -1 -1 3 -1 -1",
                "'input_tokens':9223372036854775807,'cache_read_input_tokens':9223372036854775807 | -1 -1 -1 -1 -1",
            })
    void countsAnthropicsCache(String members, String counts) throws Exception {
        String usage = "\"usage\":{" + members.replace('\'', '"') + "}";
        server.script()
                .json("{\"type\":\"message\",\"content\":[],\"stop_reason\":\"end_turn\"," + usage + "}")
                .events(
                        "data: {\"type\":\"message_start\",\"message\":{\"content\":[],\"usage\":null}}\n\n",
                        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}," + usage + "}\n\n",
                        "data: {\"type\":\"message_stop\"}\n\n");
        assertCounts(chat(Provider.ANTHROPIC), counts(counts));
        assertCounts(stream(Provider.ANTHROPIC), counts(counts));
    }

    @Test
    void returnsTheTokensAtThePlainPrice() {
        OptionalLong none = OptionalLong.empty();
        TokenUsage all = new TokenUsage(
                OptionalLong.of(1110), OptionalLong.of(5), OptionalLong.of(1000), none, OptionalLong.of(100));
        assertThat(all.uncachedInputTokens()).hasValue(10);
        assertThat(all.totalTokens()).hasValue(1115);
        assertThat(new TokenUsage(OptionalLong.of(3), none, OptionalLong.of(9), none).uncachedInputTokens())
                .hasValue(0);
        assertThat(TokenUsage.UNKNOWN.uncachedInputTokens()).isEmpty();
    }
}
