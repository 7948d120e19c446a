package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is peculiar to the answers of each provider of the table: how it refuses, and how it streams. {@link ProviderTest} has
 * the other direction: address, key, and what requests leave out.
 */
class ServiceWordsTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    // ---- refusals

    /** A refusal, what it means, and words that the caller sees. */
    record Refused(Provider provider, int status, String body, FailureCategory category, String words) {
        @Override
        public String toString() {
            return provider + " " + status + " " + category;
        }
    }

    private static Refused refused(Provider provider, int status, String body, FailureCategory category, String words) {
        return new Refused(provider, status, body.replace('\'', '"'), category, words);
    }

    static Stream<Refused> refusals() {
        return Stream.of(
                refused(
                        Provider.OPENAI,
                        429,
                        "{'error':{'message':'You exceeded your current quota','type':'insufficient_quota','param':null,'code':'insufficient_quota'}}",
                        FailureCategory.QUOTA,
                        "current quota"),
                refused(
                        Provider.OPENAI_RESPONSES,
                        200,
                        "{'id':'r','status':'failed','output':[],'error':{'code':'rate_limit_exceeded','message':'Rate limit reached'}}",
                        FailureCategory.RATE_LIMIT,
                        "Rate limit reached"),
                refused(
                        Provider.ANTHROPIC,
                        400,
                        "{'type':'error','error':{'type':'invalid_request_error','message':'Your credit balance is too low to access the API'}}",
                        FailureCategory.QUOTA,
                        "credit balance"),
                // learn.microsoft.com, Azure OpenAI content filtering
                refused(
                        Provider.AZURE,
                        400,
                        "{'error':{'message':'The response was filtered','type':null,'param':'prompt','code':'content_filter','status':400,"
                                + "'innererror':{'code':'ResponsibleAIPolicyViolation','content_filter_result':{'hate':{'filtered':true}}}}}",
                        FailureCategory.CONTENT_FILTER,
                        "filtered"),
                // openrouter.ai/docs, errors: the number is the status, the words of the service behind are in raw
                refused(
                        Provider.OPENROUTER,
                        200,
                        "{'error':{'message':'Provider returned error','code':502,'metadata':{'raw':'no instance','provider_name':'x'}}}",
                        FailureCategory.UNAVAILABLE,
                        "no instance"),
                // groq/groq-typescript#28
                refused(
                        Provider.GROQ,
                        400,
                        "{'error':{'message':'Failed to call a function. Please adjust your prompt.','type':'invalid_request_error','code':'tool_use_failed','failed_generation':'<f>'}}",
                        FailureCategory.INVALID_REQUEST,
                        "Failed to call a function"),
                // api-docs.deepseek.com, error codes
                refused(
                        Provider.DEEPSEEK,
                        402,
                        "{'error':{'message':'Insufficient Balance','type':'unknown_error','param':null,'code':'invalid_request_error'}}",
                        FailureCategory.QUOTA,
                        "Insufficient Balance"),
                refused(
                        Provider.MISTRAL,
                        422,
                        "{'object':'error','message':{'detail':[{'type':'extra_forbidden','loc':['body','seed'],'msg':'Extra inputs are not permitted'}]},'type':'invalid_request_error','param':null,'code':null}",
                        FailureCategory.INVALID_REQUEST,
                        "Extra inputs are not permitted"),
                refused(
                        Provider.GEMINI,
                        429,
                        "[{'error':{'code':429,'message':'Resource has been exhausted (e.g. check quota).','status':'RESOURCE_EXHAUSTED'}}]",
                        FailureCategory.RATE_LIMIT,
                        "has been exhausted"),
                refused(
                        Provider.TOGETHER,
                        422,
                        "{'id':'x','error':{'message':'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193','type':'invalid_request_error','param':null,'code':null}}",
                        FailureCategory.CONTEXT_LENGTH,
                        "must be <= 8193"),
                refused(
                        Provider.XAI,
                        400,
                        "{'code':'Client specified an invalid argument','error':'This model has a maximum prompt length of 131072'}",
                        FailureCategory.CONTEXT_LENGTH,
                        "131072"),
                // vLLM before 0.10 has the error at the top
                refused(
                        Provider.VLLM,
                        400,
                        "{'object':'error','message':'This model has a maximum context length of 4096 tokens','type':'BadRequestError','param':null,'code':400}",
                        FailureCategory.CONTEXT_LENGTH,
                        "4096 tokens"),
                refused(
                        Provider.LOCAL,
                        500,
                        "{'detail':'CUDA out of memory'}",
                        FailureCategory.SERVER,
                        "CUDA out of memory"),
                // ollama/ollama openai/openai.go
                refused(
                        Provider.OLLAMA,
                        404,
                        "{'error':{'message':'model not found, try pulling it first','type':'api_error','param':null,'code':null}}",
                        FailureCategory.NOT_FOUND,
                        "try pulling it first"),
                refused(
                        Provider.LLAMA_CPP,
                        503,
                        "{'error':{'code':503,'message':'Loading model','type':'unavailable_error'}}",
                        FailureCategory.UNAVAILABLE,
                        "Loading model"),
                // lmstudio-ai/lmstudio-bug-tracker#2322: with status 200
                refused(
                        Provider.LM_STUDIO,
                        200,
                        "{'error':'The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096).'}",
                        FailureCategory.CONTEXT_LENGTH,
                        "n_ctx: 4096"));
    }

    private static GenAiException failure(Provider provider, boolean streamed) throws Exception {
        try (LlmConnection connection = llm.connect(provider, managed -> managed.setMaxRetries(0))) {
            return catchThrowableOfType(GenAiException.class, () -> {
                if (streamed) {
                    Streams.drain(connection.stream(HI));
                } else {
                    connection.chat(HI);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void understandsHowItRefuses(Refused one) throws Exception {
        for (boolean streamed : new boolean[] {false, true}) {
            server.script().json(one.status(), one.body());
            GenAiException failure = failure(one.provider(), streamed);
            assertThat(failure.category()).isEqualTo(one.category());
            assertThat(failure).hasMessageContaining(one.words());
        }
    }

    // ---- streams

    /** A stream, and what it says. */
    record Streamed(
            Provider provider, List<String> events, String text, String reasoning, int tokens, FinishReason reason) {
        @Override
        public String toString() {
            return provider.toString();
        }
    }

    /** A stream of OpenAI's protocol; lines that are no JSON stay as they are. */
    private static Streamed chunks(
            Provider provider, String text, String reasoning, int tokens, FinishReason reason, String... lines) {
        List<String> events = Stream.concat(Stream.of(lines), Stream.of("[DONE]"))
                .map(line -> (line.startsWith(":") ? line : "data: " + line.replace('\'', '"')) + "\n\n")
                .toList();
        return new Streamed(provider, events, text, reasoning, tokens, reason);
    }

    private static String delta(String members) {
        return "{'object':'chat.completion.chunk','choices':[{'index':0,'delta':{" + members
                + "},'finish_reason':null}]}";
    }

    private static String end(String beside) {
        return "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]" + beside + "}";
    }

    private static String usage(String more) {
        return ",'usage':{'prompt_tokens':3,'completion_tokens':2" + more + "}";
    }

    static Stream<Streamed> streams() {
        FinishReason stop = FinishReason.STOP;
        String hello = delta("'content':'Hello'");
        return Stream.of(
                chunks( // O-spec: obfuscation, null usage, and a chunk of its own for the count
                        Provider.OPENAI,
                        "Hello",
                        "",
                        2,
                        stop,
                        delta("'role':'assistant','content':'','refusal':null"),
                        "{'choices':[{'index':0,'delta':{'content':'Hello'}}],'usage':null,'obfuscation':'xY'}",
                        end(",'usage':null"),
                        "{'choices':[]" + usage("") + "}"),
                new Streamed(Provider.OPENAI_RESPONSES, List.of(Hello.RESPONSES.stream()), "Hello", "", 3, stop),
                new Streamed(Provider.ANTHROPIC, List.of(Hello.MESSAGES.stream()), "Hello", "", 3, stop),
                chunks( // the verdict on the prompt comes before the first choice
                        Provider.AZURE,
                        "Hello",
                        "",
                        2,
                        stop,
                        "{'choices':[],'prompt_filter_results':[{'prompt_index':0,'content_filter_results':{}}]}",
                        hello,
                        end(usage(""))),
                chunks(
                        Provider.OPENROUTER,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        ": OPENROUTER PROCESSING",
                        delta(
                                "'content':'','reasoning':'hm','reasoning_details':[{'type':'reasoning.text','text':'hm','index':0}]"),
                        ": OPENROUTER PROCESSING",
                        hello,
                        end(""),
                        "{'choices':[{'index':0,'delta':{'role':'assistant','content':''}}]" + usage(",'cost':0.1")
                                + "}"),
                chunks(
                        Provider.GROQ,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        "{'choices':[{'index':0,'delta':{'role':'assistant','content':''}}],'x_groq':{'id':'req_1'}}",
                        delta("'reasoning':'hm'"),
                        hello,
                        end(",'x_groq':{'id':'req_1'" + usage("") + "}")),
                chunks(
                        Provider.DEEPSEEK,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        ": keep-alive",
                        delta("'content':null,'reasoning_content':'hm'"),
                        delta("'content':'Hello','reasoning_content':null"),
                        end(usage(",'prompt_cache_hit_tokens':1"))),
                chunks(
                        Provider.MISTRAL,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        delta("'content':[{'type':'thinking','thinking':[{'type':'text','text':'hm'}]}]"),
                        delta("'content':[{'type':'text','text':'Hello'}]"),
                        end(usage(""))),
                chunks( // a call at once, without index; the reason is "stop"
                        Provider.GEMINI,
                        "",
                        "",
                        2,
                        FinishReason.TOOL_CALLS,
                        delta("'tool_calls':[{'id':'','type':'function','function':{'name':'f','arguments':'{}'},"
                                + "'extra_content':{'google':{'thought_signature':'s'}}}]"),
                        end(usage(""))),
                chunks( // the text twice, at both the places where OpenAI's two routes have it
                        Provider.TOGETHER,
                        "Hello",
                        "",
                        2,
                        stop,
                        "{'choices':[{'index':0,'text':'Hello','delta':{'token_id':1,'role':'assistant','content':'Hello','tool_calls':null}}],'usage':null}",
                        "{'choices':[{'index':0,'delta':{'content':''},'text':'','finish_reason':'eos'}]" + usage("")
                                + "}"),
                chunks( // what was thought counts beside the completion
                        Provider.XAI,
                        "Hello",
                        "hm",
                        7,
                        stop,
                        delta("'role':'assistant','reasoning_content':'hm'"),
                        hello,
                        end(usage(",'total_tokens':10,'completion_tokens_details':{'reasoning_tokens':5}"))),
                chunks(
                        Provider.VLLM,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        delta("'role':'assistant','content':''"),
                        delta("'reasoning_content':'hm'"),
                        hello,
                        "{'choices':[{'index':0,'delta':{'content':''},'finish_reason':'stop','stop_reason':null}]}",
                        "{'choices':[]" + usage("") + "}"),
                chunks(
                        Provider.LOCAL,
                        "Hello",
                        "",
                        2,
                        stop,
                        hello,
                        "{'choices':[{'delta':{'content':''},'finish_reason':'end_turn'}]" + usage("") + "}"),
                chunks( // no count: before 0.5 it ignores stream_options; the reason is empty until the end
                        // (ollama#4357)
                        Provider.OLLAMA,
                        "Hello",
                        "",
                        -1,
                        stop,
                        "{'choices':[{'index':0,'delta':{'role':'assistant','content':'Hello'},'finish_reason':''}]}",
                        end("")),
                chunks(
                        Provider.LLAMA_CPP,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        delta("'role':'assistant','content':null"),
                        delta("'reasoning_content':'hm'"),
                        hello,
                        end(""),
                        "{'choices':[]" + usage("") + ",'timings':{'predicted_per_second':12.5}}"),
                chunks(
                        Provider.LM_STUDIO,
                        "Hello",
                        "hm",
                        2,
                        stop,
                        delta("'role':'assistant','reasoning':'hm'"),
                        hello,
                        end(usage(""))));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void understandsHowItStreams(Streamed one) throws Exception {
        server.script().events(one.events().toArray(String[]::new));
        try (LlmConnection connection = llm.connect(one.provider())) {
            ChatResponse answer = Streams.end(Streams.drain(connection.stream(HI)));
            assertThat(answer.text()).isEqualTo(one.text());
            assertThat(answer.reasoning()).isEqualTo(one.reasoning());
            assertThat(answer.finishReason()).isEqualTo(one.reason());
            assertThat(answer.usage().outputTokens())
                    .isEqualTo(one.tokens() < 0 ? OptionalLong.empty() : OptionalLong.of(one.tokens()));
        }
    }

    @Test
    void noProviderIsMissing() {
        Set<Provider> all = EnumSet.allOf(Provider.class);
        assertThat(refusals().map(Refused::provider).collect(Collectors.toSet()))
                .isEqualTo(all);
        assertThat(streams().map(Streamed::provider).collect(Collectors.toSet()))
                .isEqualTo(all);
    }
}
