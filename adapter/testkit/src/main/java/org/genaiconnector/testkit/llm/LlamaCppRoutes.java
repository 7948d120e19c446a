package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** What llama.cpp's server offers beside the OpenAI protocol, as far as clients meet it. */
final class LlamaCppRoutes {
    static final String LOADING_PAGE = """
            <!DOCTYPE html>
            <html>
                <head>
                    <meta http-equiv="refresh" content="5">
                </head>
                <body>
                    <div id="loading">
                        The model is loading. Please wait.<br/>
                        The user interface will appear soon.
                    </div>
                </body>
            </html>
            """;
    private static final double PROMPT_TOKEN_MILLIS = 0.05;
    private static final double TOKEN_MILLIS = 0.1;

    private final LlamaCpp server;

    LlamaCppRoutes(LlamaCpp server) {
        this.server = server;
    }

    void add(Routes routes) {
        routes.add("GET", "/health", this::health)
                .add("GET", "/props", this::props)
                .add("POST", "/completion", this::completion)
                .add("POST", "/v1/rerank", off("reranking. Start it with `--reranking` and without `--embedding`"))
                .add("GET", "/metrics", off("metrics endpoint. Start it with `--metrics`"))
                .add("GET", "/slots", off("slots endpoint. Start it with `--slots`"));
    }

    static void options(Call call) throws IOException {
        call.answer(200, "text/html", "");
    }

    static ObjectNode timings(Completion completion) {
        int prompt = completion.promptTokens();
        int predicted = completion.completionTokens();
        return Call.JSON
                .createObjectNode()
                .put("prompt_n", prompt)
                .put("prompt_ms", prompt * PROMPT_TOKEN_MILLIS)
                .put("prompt_per_token_ms", PROMPT_TOKEN_MILLIS)
                .put("prompt_per_second", 1000 / PROMPT_TOKEN_MILLIS)
                .put("predicted_n", predicted)
                .put("predicted_ms", predicted * TOKEN_MILLIS)
                .put("predicted_per_token_ms", TOKEN_MILLIS)
                .put("predicted_per_second", 1000 / TOKEN_MILLIS);
    }

    private static Routes.Action off(String what) {
        return call -> {
            throw new Refusal(Kind.UNSUPPORTED, "This server does not support " + what);
        };
    }

    private void health(Call call) throws IOException {
        call.answer(200, server.jsonType(), "{\"status\":\"ok\"}");
    }

    private void props(Call call) throws IOException {
        ObjectNode props = recordedProps();
        ((ObjectNode) props.path("default_generation_settings")).put("n_ctx", server.settings.contextSize());
        call.answer(200, server.jsonType(), props);
    }

    /** The native completion, whole. */
    private void completion(Call call) throws IOException {
        JsonNode body = call.json();
        Prompt prompt = Prompt.of(
                OpenAiPrompt.text(body.path("prompt")),
                server.maxTokens(body),
                OpenAiPrompt.strings(body.path("stop")),
                OpenAiPrompt.variant(body, 0));
        Completion completion = TextModel.complete(prompt);
        ObjectNode answer = Call.JSON.createObjectNode();
        answer.put("index", 0).put("content", completion.text()).putArray("tokens");
        answer.put("id_slot", 0)
                .put("stop", true)
                .put("model", server.settings.listedModels().get(0))
                .put("tokens_predicted", completion.completionTokens())
                .put("tokens_evaluated", completion.promptTokens())
                .put("prompt", OpenAiPrompt.text(body.path("prompt")))
                .put("has_new_line", completion.text().contains("\n"))
                .put("truncated", false)
                .put("stop_type", completion.finish() == Completion.Finish.LENGTH ? "limit" : "eos")
                .put("stopping_word", completion.stopSequence() == null ? "" : completion.stopSequence())
                .put("tokens_cached", completion.totalTokens() - 1);
        answer.set("generation_settings", recordedProps().at("/default_generation_settings/params"));
        answer.set("timings", timings(completion));
        call.answer(200, server.jsonType(), answer);
    }

    private static ObjectNode recordedProps() throws IOException {
        try (InputStream props = LlamaCppRoutes.class.getResourceAsStream("llamacpp-props.json")) {
            return (ObjectNode) Call.JSON.readTree(props);
        }
    }
}
